### Positions par groupe.

glance = Les positions d’un coup d’œil
glance-what = Une ligne par groupe, par ordre alphabétique. Carré plein : au moins une partie nommée du groupe tient cette position. Carré hachuré : seulement sur une révision antérieure. Les carrés ne disent rien du nombre.
square-empty = personne n’a été entendu
square-older = tenue sur une révision antérieure seulement
square-held = tenue
