### La liste à laquelle mène la page d’un sujet.

nav-ledger = Objections et questions
