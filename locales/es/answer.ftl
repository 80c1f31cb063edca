# Lo que una sala contesta en público a una respuesta por palabra clave.
answer-support = Registrado: apoya usted la revisión { $revision } de esta opinión.
answer-reservation = Registrado: apoya usted la revisión { $revision } de esta opinión con una reserva, en las palabras de su respuesta.
answer-neutral = Registrado: no toma usted partido sobre la revisión { $revision } de esta opinión.
answer-concern = Registrado: le preocupa la revisión { $revision } de esta opinión, en las palabras de su respuesta.
answer-objection = Registrado: se opone usted a la revisión { $revision } de esta opinión, en las palabras de su respuesta.
answer-withdrawn = Registrado: retira usted su posición sobre esta opinión. Nada anterior vuelve.
answer-newer = Hay una revisión más reciente, la { $revision }. Para tomar posición sobre ella, léala y escriba una respuesta nueva.
answer-needs-words = No registrado como posición: «{ $word }» necesita su razón. Escriba una respuesta nueva que empiece con «{ $word }:» y luego diga por qué. Esta queda como comentario.
answer-too-long = No registrado como posición: la razón puede tener { $max } caracteres como máximo. Escriba una respuesta nueva. Esta queda como comentario.
answer-edited = Una respuesta editada no cambia nada de lo registrado. Para cambiar de posición, escriba una respuesta nueva.
answer-claim = Usted dice por quién habla. Eso se muestra como palabras suyas, sin confirmar; la posición queda registrada como propia.
answer-receipt = Recibo:
answer-undo = Para deshacerlo, escriba una respuesta nueva «{ $word }», o borre la suya.
answer-held-back = Respuestas suyas anteriores se registraron sin contestación. Sus recibos están aquí:
answer-record = Su respuesta se conserva en el registro público de este tema, con la firma de su servidor, aquí y en los servidores enlazados.
