# Ce qu’une salle répond en public à une réponse par mot-clé.
answer-support = Enregistré : vous soutenez la révision { $revision } de cette opinion.
answer-reservation = Enregistré : vous soutenez la révision { $revision } de cette opinion avec une réserve, dans les mots de votre réponse.
answer-neutral = Enregistré : vous ne prenez pas parti sur la révision { $revision } de cette opinion.
answer-concern = Enregistré : la révision { $revision } de cette opinion vous préoccupe, dans les mots de votre réponse.
answer-objection = Enregistré : vous vous opposez à la révision { $revision } de cette opinion, dans les mots de votre réponse.
answer-withdrawn = Enregistré : vous retirez votre position sur cette opinion. Rien d’antérieur ne revient.
answer-newer = Il y a une révision plus récente, la { $revision }. Pour prendre position sur elle, lisez-la et écrivez une nouvelle réponse.
answer-needs-words = Non enregistré comme position : « { $word } » demande votre raison. Écrivez une nouvelle réponse qui commence par « { $word } : » et dit ensuite pourquoi. Celle-ci reste un commentaire.
answer-too-long = Non enregistré comme position : la raison peut avoir { $max } caractères au plus. Écrivez une nouvelle réponse. Celle-ci reste un commentaire.
answer-edited = Une réponse modifiée ne change rien à ce qui est enregistré. Pour changer de position, écrivez une nouvelle réponse.
answer-claim = Vous dites au nom de qui vous parlez. Cela est montré comme vos mots, non confirmés ; la position est enregistrée comme la vôtre.
answer-receipt = Reçu :
answer-undo = Pour l’annuler, écrivez une nouvelle réponse « { $word } », ou supprimez la vôtre.
answer-held-back = Des réponses antérieures de votre part ont été enregistrées sans réponse. Leurs reçus sont ici :
answer-record = Votre réponse est conservée dans le registre public de ce sujet, avec la signature de votre serveur, ici et sur les serveurs liés.
