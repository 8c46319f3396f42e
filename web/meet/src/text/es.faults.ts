import type { FaultTexts } from "@klatch/ui";

/** What somebody in a call reads of a fault: what happened and what to do, by code, and by code and reason. */
export const faults: FaultTexts = {
  "3011": [
    "Su cámara está apagada porque no llega ninguna imagen de ella.",
    "Compruebe que su tapa está abierta y que ningún otro programa la usa. Después vuelva a encenderla o elija otra cámara en los ajustes.",
  ],
  "3011.BACKGROUND_FAILED": [
    "Su cámara está apagada porque no se pudo cambiar el fondo.",
    "Muéstrese sin otro fondo, o encienda la cámara para intentarlo de nuevo.",
  ],
  "3012": [
    "Su micrófono está apagado porque no llega ningún sonido de él.",
    "Compruebe que está conectado y encendido, y que ningún otro programa lo usa. Después vuelva a activarlo o elija otro micrófono en los ajustes.",
  ],
  "3013": [
    "Su pantalla no se comparte.",
    "Vuelva a compartirla. Si no funciona, elija una ventana en lugar de toda la pantalla.",
  ],
  "3013.NO_USER_GESTURE": [
    "El navegador solo comparte una pantalla después de un clic.",
    "Haga clic otra vez en el botón que comparte su pantalla.",
  ],
  "3013.NO_SCREEN_SHARE": [
    "Este navegador no puede compartir una pantalla.",
    "Abra la reunión en un ordenador, con una versión actual de Chrome, Edge, Firefox o Safari.",
  ],
  "3014": [
    "Esta página no tiene permiso para usar su cámara.",
    "Abra el enlace de la reunión en una pestaña propia del navegador. Si no ayuda, avise a quienes gestionan este servicio.",
  ],
  "3015": [
    "Esta página no tiene permiso para usar su micrófono.",
    "Abra el enlace de la reunión en una pestaña propia del navegador. Si no ayuda, avise a quienes gestionan este servicio.",
  ],
  "3016": [
    "Esta página no tiene permiso para compartir su pantalla.",
    "Abra el enlace de la reunión en una pestaña propia del navegador. Si no ayuda, avise a quienes gestionan este servicio.",
  ],
  "3016.USER_CANCELLED": [
    "Ha cerrado la selección sin elegir una pantalla.",
    "Para compartir su pantalla, empiece de nuevo y elija una pantalla o una ventana.",
  ],
  "3016.PERMISSION_DENIED": [
    "Su ordenador no permite que el navegador muestre la pantalla.",
    "Permítalo en los ajustes de privacidad de su ordenador, en grabación de pantalla, y reinicie el navegador.",
  ],
  "3017": [
    "El navegador no permite que esta página use su cámara.",
    "Haga clic en el símbolo junto a la dirección de esta página, permita la cámara y vuelva a encenderla.",
  ],
  "3017.PERMISSION_DISMISSED": [
    "La pregunta del navegador se cerró sin respuesta.",
    "Vuelva a activar el dispositivo y elija permitirlo.",
  ],
  "3018": [
    "El navegador no permite que esta página use su micrófono.",
    "Haga clic en el símbolo junto a la dirección de esta página, permita el micrófono y vuelva a activarlo.",
  ],
  "3018.PERMISSION_DISMISSED": [
    "La pregunta del navegador se cerró sin respuesta.",
    "Vuelva a activar el dispositivo y elija permitirlo.",
  ],
  "3019": [
    "Su dispositivo no permite que el navegador use la cámara.",
    "Permítalo en los ajustes de privacidad de su ordenador o teléfono y reinicie el navegador.",
  ],
  "3020": [
    "Su dispositivo no permite que el navegador use el micrófono.",
    "Permítalo en los ajustes de privacidad de su ordenador o teléfono y reinicie el navegador.",
  ],
  "3021": ["No se encontró ninguna cámara.", "Conecte una y vuelva a encenderla. Puede participar sin cámara."],
  "3022": [
    "No se encontró ningún micrófono.",
    "Conecte uno y vuelva a activarlo. Sin micrófono puede escuchar y escribir en el chat.",
  ],
  "3023": ["Otro programa usa su cámara.", "Cierre ese programa o termine su llamada y vuelva a encender la cámara."],
  "3024": [
    "Otro programa usa su micrófono.",
    "Cierre ese programa o termine su llamada y vuelva a activar el micrófono.",
  ],
  "3026": [
    "Su cámara no se ha iniciado.",
    "Cierre otros programas y pestañas que la usen y vuelva a encenderla. Si sigue fallando, desconéctela y vuelva a conectarla.",
  ],
  "3027": [
    "Su cámara se detuvo y ahora está apagada.",
    "Vuelva a conectarla o elija otra cámara en los ajustes, y enciéndala.",
  ],
  "3028": [
    "Su micrófono se detuvo y ahora está apagado.",
    "Vuelva a conectarlo o elija otro micrófono en los ajustes, y actívelo.",
  ],
  "3029": ["No se pudo usar la cámara.", "Vuelva a activarlo."],
  "3030": ["No se pudo usar el micrófono.", "Vuelva a activarlo."],
  "3031": ["La cámara se había detenido antes de usarse.", "Vuelva a activarlo."],
  "3032": ["El micrófono se había detenido antes de usarse.", "Vuelva a activarlo."],
  "3033": [
    "El navegador bloquea la cámara porque esta página no es segura.",
    "Pida a quien organiza la reunión un enlace seguro.",
  ],
  "3034": [
    "El navegador bloquea el micrófono porque esta página no es segura.",
    "Pida a quien organiza la reunión un enlace seguro.",
  ],
  "3035": ["Esto solo funciona dentro de la reunión.", "Entre primero en la reunión."],
  "3035.IN_LOBBY": ["Todavía espera a que le dejen entrar.", "Hágalo cuando esté en la reunión."],
  "3035.LEFT": ["Ha salido de la reunión.", "Vuelva a entrar para hacerlo."],
  "3044": [
    "No se pudo establecer la conexión para sonido y vídeo.",
    "Vuelva a cargar la página. Si no ayuda, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3045": [
    "Este navegador envía su vídeo de una forma más sencilla de la que pidió la reunión.",
    "No tiene que hacer nada. Los demás le ven; con otro navegador quizá le vean mejor.",
  ],
  "3046": [
    "Este navegador envía su vídeo en un solo tamaño.",
    "No tiene que hacer nada. Los demás le ven; con otro navegador quizá vean una imagen más fluida.",
  ],
  "3048": ["La conexión aún no está lista.", "Espere un momento e inténtelo de nuevo."],
  "3049": [
    "Su cámara funciona, pero los demás no pueden verle.",
    "Apague la cámara y vuelva a encenderla. Si no ayuda, entre de nuevo.",
  ],
  "3051": ["La cámara que eligió no está disponible.", "Elija otra opción en los ajustes."],
  "3054": ["Ya es así.", "No tiene que hacer nada."],
  "3055": ["Esto todavía se está haciendo.", "Espere a que termine."],
  "3056": ["Esto se detuvo antes de terminar.", "Inténtelo de nuevo."],
  "3057": [
    "No se pudo terminar la reunión para todos.",
    "Inténtelo de nuevo. Si no tiene permiso para terminarla, salga de la reunión.",
  ],
  "3058": [
    "Su micrófono funciona, pero los demás no pueden oírle.",
    "Desactive el micrófono y vuelva a activarlo. Si no ayuda, entre de nuevo.",
  ],
  "3059": ["El micrófono que eligió no está disponible.", "Elija otra opción en los ajustes."],
  "3061": ["Los demás no pueden ver su pantalla.", "Deje de compartir y vuelva a compartir su pantalla."],
  "3062": ["La cámara de esta persona está apagada.", "Inténtelo de nuevo cuando esté activa."],
  "3063": ["No se pudo cambiar la calidad de su cámara.", "No tiene que hacer nada. Su cámara sigue como antes."],
  "3065": ["No se hizo porque se interrumpió la conexión.", "Inténtelo de nuevo cuando haya conexión."],
  "3066": [
    "Participa en esta reunión de una forma que no permite esto.",
    "Pida a quien organiza la reunión que le deje participar plenamente.",
  ],
  "3067": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3068": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3068.NOT_RECEIVED": [
    "La imagen o el sonido de esta persona está apagado.",
    "Inténtelo de nuevo cuando esté activa.",
  ],
  "3068.PAYLOAD_TOO_LARGE": ["Su mensaje es demasiado largo.", "Acórtelo y vuelva a enviarlo."],
  "3069": ["No se pudo tomar ninguna imagen de esta cámara.", "Inténtelo de nuevo."],
  "3070": ["Su mensaje no se envió.", "Espere un momento y vuelva a enviarlo."],
  "3071": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3072": ["Es demasiado grande para guardarse.", "Acórtelo e inténtelo de nuevo."],
  "3073": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3073.TOO_LARGE": ["Es demasiado grande para enviarse.", "Acórtelo e inténtelo de nuevo."],
  "3073.TRACK_NOT_LIVE": ["El dispositivo se había detenido antes de usarse.", "Vuelva a activarlo."],
  "3074": ["El archivo no se envió.", "Inténtelo de nuevo. Si vuelve a fallar, envíelo de otra manera."],
  "3074.TOO_LARGE": ["El archivo es demasiado grande.", "Elija un archivo más pequeño."],
  "3074.MEETING_FULL": [
    "En la reunión no hay sitio para otro archivo de este tamaño.",
    "Elija un archivo más pequeño o envíelo de otra manera.",
  ],
  "3074.NO_ANSWER": [
    "El archivo no se envió porque se interrumpió la conexión.",
    "Compruebe su conexión a internet y vuelva a enviarlo.",
  ],
  "3075": [
    "No se pudo abrir el archivo.",
    "Inténtelo de nuevo. Si vuelve a fallar, pida a quien lo envió que lo mande de otra manera.",
  ],
  "3075.NOT_FOUND": ["Este archivo ya no está.", "Pida a quien lo envió que lo mande de nuevo."],
  "3075.EXPIRED": [
    "Este archivo se guardó por un tiempo limitado, que ya pasó.",
    "Pida a quien lo envió que lo mande de nuevo.",
  ],
  "3075.NO_ANSWER": [
    "El archivo no se envió porque se interrumpió la conexión.",
    "Compruebe su conexión a internet y vuelva a enviarlo.",
  ],
  "3079": ["No llegó ninguna respuesta a tiempo.", "Compruebe su conexión a internet e inténtelo de nuevo."],
  "3101": [
    "El sonido y el vídeo no llegan.",
    "Desactive la VPN si usa una, o pruebe con otra red, como la de su teléfono. También puede ayudar entrar de nuevo.",
  ],
  "3101.UDP_BLOCKED": [
    "Su red bloquea el sonido y el vídeo.",
    "Use otra red, como la de su teléfono, o pida a quien administra esta red que permita las videollamadas.",
  ],
  "3101.SERVER_PRIVATE_ADDRESS": [
    "El sonido y el vídeo no pueden llegar a esta reunión desde su red.",
    "Avise a quienes gestionan este servicio. Si la reunión pertenece a la red de una empresa, conéctese a esa red y entre de nuevo.",
  ],
  "3101.MEDIA_NOT_ARRIVING": [
    "En este momento su sonido o su vídeo no llega a los demás.",
    "Compruebe su conexión a internet. Si sigue así, salga de la reunión y entre de nuevo.",
  ],
  "3101.PATH_LOST": [
    "Se perdió la conexión para sonido y vídeo.",
    "Compruebe su conexión a internet. La página sigue intentando conectarse.",
  ],
  "3102": ["No se pudo llegar a la reunión.", "Compruebe su conexión a internet e inténtelo de nuevo."],
  "3102.BAD_URL": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.GATEWAY_DOWN": [
    "El servicio de reuniones no está disponible en este momento.",
    "Espere unos minutos e inténtelo de nuevo.",
  ],
  "3102.REDIRECTED": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.FORBIDDEN": [
    "Algo delante del servicio de reuniones bloquea el camino.",
    "Si su empresa tiene un inicio de sesión para su red, inicie sesión e inténtelo de nuevo. Si no, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.WRONG_PATH": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.PREFIX_KEPT": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.NOT_KLATCH": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.UPGRADE_STRIPPED": [
    "Algo entre usted y el servicio de reuniones bloquea la conexión.",
    "Pruebe con otra red, como la de su teléfono. Si no ayuda, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.ORIGIN_REFUSED": [
    "Esta página no tiene permiso para conectarse a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.ANSWER_HIDDEN": [
    "Esta página no está bien configurada, por eso no puede llegar a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.CSP_BLOCKED": [
    "Esta página no tiene permiso para conectarse a la reunión.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3102.MIXED_CONTENT": [
    "El navegador bloquea la conexión porque el servicio de reuniones no es seguro.",
    "Envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "3103": ["Ha perdido su lugar en la reunión.", "Entre de nuevo."],
  "3103.WINDOW_PASSED": [
    "Estuvo ausente demasiado tiempo y perdió su lugar en la reunión.",
    "Compruebe su conexión a internet y entre de nuevo.",
  ],
  "3103.SECRET_REUSED": [
    "Su lugar en la reunión se usó desde dos sitios a la vez.",
    "Cierre las otras pestañas que muestran esta reunión y entre de nuevo.",
  ],
  "3103.EVENTS_LOST": ["Pasaron demasiadas cosas en la reunión mientras no estaba.", "Entre de nuevo."],
  "3103.GAVE_UP": [
    "La conexión se perdió durante demasiado tiempo.",
    "Compruebe su conexión a internet y entre de nuevo.",
  ],
  "3104": [
    "Su navegador no puede hacer todo lo que necesita esta reunión.",
    "Abra el enlace con una versión actual de Chrome, Edge, Firefox o Safari.",
  ],
  "3104.INSECURE_CONTEXT": [
    "El navegador bloquea la cámara, el micrófono y la pantalla porque esta página no es segura.",
    "Pida a quien organiza la reunión un enlace seguro.",
  ],
  "3104.NO_WEBRTC": [
    "Este navegador no puede participar en videollamadas.",
    "Abra el enlace con una versión actual de Chrome, Edge, Firefox o Safari.",
  ],
  "3104.SCRIPT_NOT_LOADED": [
    "No se pudo cargar una parte de esta página.",
    "Compruebe que tiene conexión y vuelva a cargar la página.",
  ],
  "3104.NO_SOUND_HEARD": [
    "No oyó el tono.",
    "Suba el volumen y elija el altavoz o los auriculares que usa en los ajustes de sonido de su ordenador o teléfono. Después reproduzca el tono otra vez.",
  ],
  "3104.NO_STATS": [
    "La calidad de su conexión no se puede medir en este navegador.",
    "No tiene que hacer nada. La reunión continúa.",
  ],
  "3104.CODEC_NOT_RECEIVED": [
    "Su navegador no puede reproducir el sonido o el vídeo de una persona.",
    "Abra el enlace con una versión actual de Chrome, Edge, Firefox o Safari.",
  ],
  "3105": ["Esto no se ofrece aquí.", "Use la reunión sin ello."],
  "3106": [
    "Algo en este dispositivo perturba su llamada.",
    "Si continúa, cierre otros programas o entre desde otro dispositivo.",
  ],
  "3106.SPEAKING_WHILE_MUTED": ["Su micrófono está silenciado, nadie le oye.", "Active su micrófono para hablar."],
  "3106.UPLINK_LIMITED": [
    "Su conexión a internet es lenta, por eso los demás le ven con menos nitidez.",
    "Acérquese al router o use un cable, y detenga otras subidas. Apagar su cámara ayuda al sonido.",
  ],
  "3106.CPU_LIMITED": [
    "Su dispositivo está ocupado, por eso los demás le ven con menos nitidez.",
    "Cierre otros programas y pestañas, y conecte el cargador.",
  ],
  "3106.AUTOPLAY_BLOCKED": [
    "El navegador todavía no reproduce sonido.",
    "Haga clic en cualquier lugar de esta página para oír a los demás.",
  ],
  "3106.DEVICE_CHANGED": [
    "Su dispositivo ha elegido otro micrófono desde que entró.",
    "Para usarlo también aquí, elíjalo en los ajustes de la reunión.",
  ],
  "3106.TAB_SUSPENDED": [
    "Su dispositivo pausó esta página y la llamada se interrumpió.",
    "Mantenga esta página visible y el dispositivo activo durante la llamada.",
  ],
  "3106.CLOCK_WRONG": [
    "El reloj de su dispositivo no está en hora.",
    "Ajuste la fecha y la hora automáticamente para que los enlaces sigan funcionando.",
  ],
  "4001": ["Este enlace no funciona.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4001.KEY_REVOKED": ["Este enlace ya no funciona.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4002": ["Este enlace no funciona.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4002.EXPIRED": ["Este enlace ha caducado.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4002.NOT_YET_VALID": [
    "Este enlace todavía no es válido.",
    "Inténtelo más tarde o pida un nuevo enlace a quien organiza la reunión.",
  ],
  "4003": [
    "Este enlace no está completo o fue modificado.",
    "Abra el enlace exactamente como se lo enviaron o pida uno nuevo a quien organiza la reunión.",
  ],
  "4003.NOT_FOUND": [
    "Esta reunión no existe.",
    "Pregunte a quien organiza la reunión si se trasladó y pídale un nuevo enlace.",
  ],
  "4004": ["Este enlace no funciona.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4004.LOOKS_ALIKE": [
    "Este enlace puede confundirse con el de alguien que está en la reunión.",
    "Pida un nuevo enlace a quien organiza la reunión.",
  ],
  "4005": [
    "Ha entrado desde otra pestaña u otro dispositivo.",
    "Continúe allí. Si entra de nuevo aquí, saldrá en el otro lugar.",
  ],
  "4006": [
    "Quien organiza no puede celebrar reuniones aquí en este momento.",
    "Diga a quien organiza la reunión que el servicio de reuniones se ha desactivado.",
  ],
  "4007": [
    "Quien organiza ya no puede celebrar reuniones aquí.",
    "Diga a quien organiza la reunión que el servicio de reuniones se ha desactivado.",
  ],
  "4008": ["Este enlace no le deja entrar.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4009": [
    "La reunión está llena.",
    "Inténtelo de nuevo cuando alguien haya salido, o avise a quien organiza la reunión.",
  ],
  "4010": [
    "En esta reunión no pueden hablar más personas.",
    "Inténtelo de nuevo cuando alguien haya salido, o avise a quien organiza la reunión.",
  ],
  "4011": [
    "La grabación no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4011.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4011.ALREADY_RUNNING": [
    "Ya hay una en marcha en esta reunión.",
    "No tiene que hacer nada. Para cambiarla, detenga la que está en marcha y empiece de nuevo.",
  ],
  "4011.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4012": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4013": [
    "La emisión en directo no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4013.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4013.ALREADY_RUNNING": [
    "Ya hay una en marcha en esta reunión.",
    "No tiene que hacer nada. Para cambiarla, detenga la que está en marcha y empiece de nuevo.",
  ],
  "4013.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4013.DNS": [
    "No se puede llegar al destino {output} de la emisión.",
    "Copie otra vez su dirección del servicio de emisión y compruebe que el servicio funciona.",
  ],
  "4013.REFUSED": [
    "No se puede llegar al destino {output} de la emisión.",
    "Copie otra vez su dirección del servicio de emisión y compruebe que el servicio funciona.",
  ],
  "4013.UNREACHABLE": [
    "No se puede llegar al destino {output} de la emisión.",
    "Copie otra vez su dirección del servicio de emisión y compruebe que el servicio funciona.",
  ],
  "4013.CONNECT_TIMEOUT": [
    "No se puede llegar al destino {output} de la emisión.",
    "Copie otra vez su dirección del servicio de emisión y compruebe que el servicio funciona.",
  ],
  "4013.TLS": [
    "El destino {output} de la emisión no acepta emisiones en esta dirección.",
    "Copie otra vez su dirección del servicio de emisión.",
  ],
  "4013.SCHEME_MISMATCH": [
    "El destino {output} de la emisión no acepta emisiones en esta dirección.",
    "Copie otra vez su dirección del servicio de emisión.",
  ],
  "4013.HANDSHAKE_TIMEOUT": [
    "No se puede llegar al destino {output} de la emisión.",
    "Copie otra vez su dirección del servicio de emisión y compruebe que el servicio funciona.",
  ],
  "4013.NOT_RTMP": [
    "El destino {output} de la emisión no acepta emisiones en esta dirección.",
    "Copie otra vez su dirección del servicio de emisión.",
  ],
  "4013.REDIRECT": [
    "El destino {output} de la emisión no acepta emisiones en esta dirección.",
    "Copie otra vez su dirección del servicio de emisión.",
  ],
  "4013.AUTH_REQUIRED": [
    "El destino {output} de la emisión pide un nombre de usuario y una contraseña.",
    "Copie del servicio de emisión la dirección con nombre de usuario y contraseña.",
  ],
  "4013.AUTH_FAILED": [
    "El destino {output} de la emisión pide un nombre de usuario y una contraseña.",
    "Copie del servicio de emisión la dirección con nombre de usuario y contraseña.",
  ],
  "4013.CONNECT_REJECTED": [
    "El destino {output} de la emisión no acepta emisiones en esta dirección.",
    "Copie otra vez su dirección del servicio de emisión.",
  ],
  "4013.PUBLISH_REJECTED": [
    "El destino {output} de la emisión no acepta la clave de emisión.",
    "Copie otra vez la clave de emisión del servicio y compruebe que nadie más emite con ella.",
  ],
  "4014": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4015": [
    "La emisión en directo no se ha iniciado porque no se pueden usar sus destinos.",
    "Copie otra vez del servicio de emisión la dirección y la clave de cada destino.",
  ],
  "4015.EMPTY": [
    "La emisión no tiene ningún destino.",
    "Introduzca la dirección y la clave de emisión de al menos uno.",
  ],
  "4015.TOO_MANY": ["La emisión tiene demasiados destinos.", "Quite algunos."],
  "4015.BAD_URL": ["No se puede usar la dirección del destino {output}.", "Cópiela otra vez del servicio de emisión."],
  "4015.SCHEME": ["No se puede usar la dirección del destino {output}.", "Cópiela otra vez del servicio de emisión."],
  "4015.PRIVATE_ADDRESS": [
    "No se puede usar la dirección del destino {output}.",
    "Cópiela otra vez del servicio de emisión.",
  ],
  "4015.BAD_KEY": [
    "No se puede usar la clave de emisión del destino {output}.",
    "Cópiela otra vez del servicio de emisión.",
  ],
  "4015.DUPLICATE": ["El destino {output} está dos veces.", "Quítelo."],
  "4016": [
    "La página para ver la reunión no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4016.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4016.ALREADY_RUNNING": [
    "Ya hay una en marcha en esta reunión.",
    "No tiene que hacer nada. Para cambiarla, detenga la que está en marcha y empiece de nuevo.",
  ],
  "4016.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4017": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4018": ["La última grabación todavía se está terminando.", "Espere un momento y empiece de nuevo."],
  "4019": ["La última emisión todavía se está terminando.", "Espere un momento y empiece de nuevo."],
  "4020": ["La última página para ver la reunión todavía se está terminando.", "Espere un momento y empiece de nuevo."],
  "4021": [
    "Las grabaciones y las emisiones están desactivadas aquí.",
    "Pida a quienes gestionan este servicio que las activen.",
  ],
  "4022": [
    "Este enlace es de otra reunión.",
    "Abra el enlace que le enviaron para esta reunión o pida uno nuevo a quien la organiza.",
  ],
  "4023": [
    "Este enlace es de otra persona.",
    "Abra el enlace que le enviaron a usted o pida uno a quien organiza la reunión.",
  ],
  "4023.NOT_LISTED": [
    "No está en la lista de personas que pueden entrar en esta reunión.",
    "Pida a quien organiza la reunión que le añada.",
  ],
  "4024": ["Este enlace no le deja entrar en una reunión.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4026": [
    "En este momento no pueden entrar más personas.",
    "Inténtelo más tarde o avise a quien organiza la reunión.",
  ],
  "4027": [
    "En este momento no pueden ver la reunión más personas.",
    "Inténtelo más tarde o avise a quien organiza la reunión.",
  ],
  "4028": [
    "En este momento no puede haber más grabaciones en marcha.",
    "Espere a que otra reunión detenga su grabación y empiece de nuevo.",
  ],
  "4029": [
    "En este momento no puede haber más páginas para ver reuniones.",
    "Espere a que otra reunión detenga su página y empiece de nuevo.",
  ],
  "4030": [
    "En este momento no puede haber más emisiones en marcha.",
    "Espere a que otra reunión detenga su emisión y empiece de nuevo.",
  ],
  "4035": [
    "La grabación de esta persona no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4035.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4035.ALREADY_RUNNING": [
    "Ya hay una en marcha en esta reunión.",
    "No tiene que hacer nada. Para cambiarla, detenga la que está en marcha y empiece de nuevo.",
  ],
  "4035.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4035.NO_SUCH_PARTICIPANT": ["Esta persona no está en la reunión.", "No tiene que hacer nada."],
  "4036": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4037": [
    "La grabación de esta persona no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4037.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4037.ALREADY_RUNNING": [
    "Ya hay una en marcha en esta reunión.",
    "No tiene que hacer nada. Para cambiarla, detenga la que está en marcha y empiece de nuevo.",
  ],
  "4037.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4037.NO_SUCH_PARTICIPANT": ["Esta persona no está en la reunión.", "No tiene que hacer nada."],
  "4038": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4039": [
    "La grabación de esta persona no se ha iniciado.",
    "Inténtelo de nuevo dentro de un minuto. Si vuelve a fallar, avise a quienes gestionan este servicio.",
  ],
  "4039.STORAGE_FULL": [
    "No queda espacio donde se guardan las grabaciones y las emisiones.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "4039.NO_SESSION": [
    "No hay nadie en la reunión, así que no hay nada que mostrar.",
    "Empiece de nuevo cuando haya alguien.",
  ],
  "4039.NO_SUCH_PARTICIPANT": ["Esta persona no está en la reunión.", "No tiene que hacer nada."],
  "4039.WATERMARK_IMAGE": [
    "La grabación no se ha iniciado: la imagen que debía aparecer en ella no se puede usar.",
    "Avise a quienes gestionan este servicio.",
  ],
  "4040": ["No hay nada en marcha que se pueda detener.", "No tiene que hacer nada."],
  "4041": [
    "En este momento no pueden entrar más personas.",
    "Inténtelo más tarde o avise a quien organiza la reunión.",
  ],
  "4045": [
    "No se pudo guardar lo que se compartió en la reunión.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4046": [
    "No se pudo leer lo que se compartió en la reunión.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4047": [
    "Este navegador carga todos los vídeos en tamaño completo.",
    "No tiene que hacer nada. Otro navegador puede usar menos su conexión.",
  ],
  "4048": ["Ya es así.", "No tiene que hacer nada."],
  "4049": ["Ya es así.", "No tiene que hacer nada."],
  "4052": ["Esta reunión está cerrada.", "Pregunte a quien organiza la reunión si se volverá a abrir."],
  "4053": ["Este enlace ya no funciona.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4057": ["Ya es así.", "No tiene que hacer nada."],
  "4058": ["Ya es así.", "No tiene que hacer nada."],
  "4059": ["La respuesta no llegó a esta persona.", "Mire la lista de personas que esperan."],
  "4059.NOT_PERMITTED": [
    "No tiene permiso para dejar entrar a otras personas.",
    "Pida a quien organiza la reunión que lo haga.",
  ],
  "4059.NO_SUCH_REQUEST": ["Esta persona ya no espera.", "No tiene que hacer nada."],
  "4059.ALREADY_ANSWERED": ["Alguien ya ha respondido a esta persona.", "No tiene que hacer nada."],
  "4065": ["Todavía espera a que le dejen entrar.", "Inténtelo de nuevo cuando esté en la reunión."],
  "4066": ["Esta persona no se ha expulsado.", "Pida a quien organiza la reunión que lo haga."],
  "4066.NOT_PERMITTED": ["No tiene permiso para hacer esto.", "Pida a quien organiza la reunión que lo haga."],
  "4066.NO_SUCH_PARTICIPANT": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4067": ["No se puede pedir a esta persona que active el micrófono.", "Escriba en el chat."],
  "4068": ["Esta persona no se ha silenciado.", "Pida a quien organiza la reunión que lo haga."],
  "4068.NOT_PERMITTED": ["No tiene permiso para hacer esto.", "Pida a quien organiza la reunión que lo haga."],
  "4068.NO_SUCH_PARTICIPANT": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4069": ["No se puede pedir a esta persona que encienda la cámara.", "Escriba en el chat."],
  "4070": ["La cámara de esta persona no se ha apagado.", "Pida a quien organiza la reunión que lo haga."],
  "4070.NOT_PERMITTED": ["No tiene permiso para hacer esto.", "Pida a quien organiza la reunión que lo haga."],
  "4070.NO_SUCH_PARTICIPANT": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4071": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4072": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4073": ["La imagen de esta persona ya no está.", "No tiene que hacer nada."],
  "4074": ["La imagen o el sonido de esta persona ya no está.", "No tiene que hacer nada."],
  "4075": ["La imagen o el sonido de esta persona ya no está.", "No tiene que hacer nada."],
  "4076": ["No se pudo entrar en la otra reunión.", "Abra su enlace para intentarlo de nuevo."],
  "4085": [
    "No se puede seguir lo que se comparte en la reunión.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4086": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4087": [
    "Su mensaje no se envió.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4087.TOO_LARGE": ["Su mensaje es demasiado largo.", "Acórtelo y vuelva a enviarlo."],
  "4087.HISTORY_FULL": [
    "El chat de esta reunión está lleno.",
    "No se puede guardar ningún mensaje más. Avise a quien organiza la reunión; una reunión nueva tiene un chat vacío.",
  ],
  "4088": [
    "No se pueden mostrar los mensajes de esta reunión.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4089": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4101": [
    "No le han dejado entrar.",
    "Pregunte a quien organiza si esta es la reunión correcta e inténtelo de nuevo.",
  ],
  "4101.LOCKED": [
    "Esta reunión está bloqueada: nadie más puede entrar.",
    "Pida a quien organiza que la desbloquee e inténtelo de nuevo.",
  ],
  "4102": [
    "Nadie le ha dejado entrar.",
    "Diga a quien organiza la reunión que está esperando y vuelva a pedir entrar.",
  ],
  "4102.NOBODY_THERE": [
    "En la reunión no había nadie que pudiera dejarle entrar.",
    "Diga a quien organiza la reunión que está esperando y vuelva a pedir entrar.",
  ],
  "4103": ["Le han expulsado de la reunión.", "Si cree que fue un error, avise a quien organiza la reunión."],
  "4104": ["La reunión ha terminado.", "Puede cerrar esta página."],
  "4104.AUTO_CLOSED": [
    "La reunión llegó a su límite de tiempo y ha terminado.",
    "Para continuar, pida una nueva reunión a quien la organiza.",
  ],
  "4104.ON_FAILURE": [
    "La reunión ha terminado porque falló su grabación o su emisión.",
    "Pregunte a quien organiza si continúa en una nueva reunión.",
  ],
  "4105": ["No tiene permiso para hacer esto.", "Pida a quien organiza la reunión que lo haga."],
  "4105.AUDIO_RESTRICTED": [
    "Por ahora solo quienes organizan pueden activar el micrófono.",
    "Espere a que se permita o pregunte a quien organiza.",
  ],
  "4105.VIDEO_RESTRICTED": [
    "Por ahora solo quienes organizan pueden activar la cámara.",
    "Espere a que se permita o pregunte a quien organiza.",
  ],
  "4105.SHARE_RESTRICTED": [
    "Por ahora solo quienes organizan pueden compartir pantalla.",
    "Espere a que se permita o pregunte a quien organiza.",
  ],
  "4105.CHAT_RESTRICTED": [
    "Por ahora solo quienes organizan pueden escribir en el chat.",
    "Espere a que se permita o pregunte a quien organiza.",
  ],
  "4105.LINK": [
    "Este enlace al archivo ha caducado o no está completo.",
    "Pida un nuevo enlace a quien organiza la reunión.",
  ],
  "4105.HLS_LINK": ["Este enlace ha caducado o no está completo.", "Pida un nuevo enlace a quien organiza la reunión."],
  "4106": ["Se envió demasiado en poco tiempo.", "Espere un minuto e inténtelo de nuevo."],
  "4106.BITRATE": [
    "Envía más sonido y vídeo de lo que permite esta reunión, por eso se pierde una parte.",
    "Deje de compartir su pantalla, o apague la cámara y vuelva a encenderla.",
  ],
  "4106.SLOW_READER": [
    "Su conexión era demasiado lenta para esta reunión.",
    "Use una red más rápida y entre de nuevo.",
  ],
  "4106.MEETING_MESSAGE_BYTES": [
    "Las personas de esta reunión escribieron demasiado en poco tiempo.",
    "Espere un minuto y vuelva a enviar su mensaje.",
  ],
  "4106.ADDRESS_SOCKETS": [
    "Demasiadas personas de su red entran al mismo tiempo.",
    "Espere un minuto e inténtelo de nuevo.",
  ],
  "4106.SERVER_SOCKETS": ["Demasiadas personas entran al mismo tiempo.", "Espere un minuto e inténtelo de nuevo."],
  "4106.ADDRESS_JOINS": [
    "Demasiadas personas de su red entran al mismo tiempo.",
    "Espere un minuto e inténtelo de nuevo.",
  ],
  "4106.FAILED_TOKENS": [
    "Desde su red se abrieron demasiados enlaces que no funcionan.",
    "Espere unos minutos y pida un nuevo enlace a quien organiza la reunión.",
  ],
  "4106.FAILED_RESUMES": [
    "Desde su red se intentó volver a una reunión demasiadas veces.",
    "Espere unos minutos y entre de nuevo.",
  ],
  "4106.DATA_SLOW_RECEIVER": [
    "Su conexión es demasiado lenta para todo lo que envían los demás, por eso se pierde una parte.",
    "Use una red más rápida.",
  ],
  "4107": [
    "La página pidió algo que no es posible aquí.",
    "Vuelva a cargar la página e inténtelo de nuevo. Si vuelve a ocurrir, envíe los detalles para soporte a quienes gestionan este servicio.",
  ],
  "4107.NO_SUCH_PARTICIPANT": ["Esta persona ya no está en la reunión.", "No tiene que hacer nada."],
  "4108": ["Esto ya no está.", "Vuelva a cargar la página. Si debería estar, avise a quienes gestionan este servicio."],
  "4109": ["Esto no se puede hacer en este momento.", "Inténtelo más tarde."],
  "4110": ["Esto no se ofrece aquí.", "Use la reunión sin ello."],
  "4112": [
    "El programa que emite hacia la reunión fue rechazado.",
    "Pida una nueva clave de emisión a quienes gestionan este servicio.",
  ],
  "5001": [
    "La grabación se detuvo por un problema del servicio de reuniones.",
    "Iníciela de nuevo. Si se detiene otra vez, avise a quienes gestionan este servicio.",
  ],
  "5001.MEDIA_LOST": [
    "Falta una parte de la reunión en lo que se graba o se emite.",
    "No tiene que hacer nada. Se muestra de nuevo en cuanto llega.",
  ],
  "5001.STORAGE_FULL": [
    "La grabación o la emisión se detuvo porque no queda espacio. Lo que se guardó hasta entonces se puede reproducir.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "5001.NODE_LOST": [
    "Se perdió la máquina que hacía la grabación o la emisión. Lo que se guardó hasta entonces se conserva.",
    "Iníciela de nuevo.",
  ],
  "5001.UPLOAD_FAILED": [
    "Un archivo de la grabación o la emisión todavía no se pudo llevar al lugar donde se guarda.",
    "No tiene que hacer nada. El archivo está a salvo y el servicio lo intenta de nuevo.",
  ],
  "5001.FILE_LOST": [
    "Un archivo de la grabación o la emisión se perdió antes de llegar al lugar donde se guarda.",
    "Avise a quienes gestionan este servicio.",
  ],
  "5002": [
    "La emisión en directo se detuvo por un problema del servicio de reuniones.",
    "Vuelva a emitir en directo. Si se detiene otra vez, avise a quienes gestionan este servicio.",
  ],
  "5002.MEDIA_LOST": [
    "Falta una parte de la reunión en lo que se graba o se emite.",
    "No tiene que hacer nada. Se muestra de nuevo en cuanto llega.",
  ],
  "5002.NODE_LOST": [
    "Se perdió la máquina que hacía la grabación o la emisión. Lo que se guardó hasta entonces se conserva.",
    "Iníciela de nuevo.",
  ],
  "5002.OUTPUT_RETRYING": [
    "El destino {output} de la emisión no está conectado en este momento.",
    "No tiene que hacer nada. El servicio intenta conectarse de nuevo.",
  ],
  "5002.OUTPUT_LOST": [
    "Se perdió el destino {output} de la emisión.",
    "Compruébelo en el servicio de emisión y vuelva a emitir en directo.",
  ],
  "5002.UPLOAD_FAILED": [
    "Un archivo de la grabación o la emisión todavía no se pudo llevar al lugar donde se guarda.",
    "No tiene que hacer nada. El archivo está a salvo y el servicio lo intenta de nuevo.",
  ],
  "5002.FILE_LOST": [
    "Un archivo de la grabación o la emisión se perdió antes de llegar al lugar donde se guarda.",
    "Avise a quienes gestionan este servicio.",
  ],
  "5003": [
    "La página para ver la reunión se detuvo por un problema del servicio de reuniones.",
    "Iníciela de nuevo. Si se detiene otra vez, avise a quienes gestionan este servicio.",
  ],
  "5003.MEDIA_LOST": [
    "Falta una parte de la reunión en lo que se graba o se emite.",
    "No tiene que hacer nada. Se muestra de nuevo en cuanto llega.",
  ],
  "5003.STORAGE_FULL": [
    "La grabación o la emisión se detuvo porque no queda espacio. Lo que se guardó hasta entonces se puede reproducir.",
    "Pida a quienes gestionan este servicio que liberen espacio y empiece de nuevo.",
  ],
  "5003.NODE_LOST": [
    "Se perdió la máquina que hacía la grabación o la emisión. Lo que se guardó hasta entonces se conserva.",
    "Iníciela de nuevo.",
  ],
  "5003.FILE_LOST": [
    "Un archivo de la grabación o la emisión se perdió antes de llegar al lugar donde se guarda.",
    "Avise a quienes gestionan este servicio.",
  ],
  "5004": [
    "La grabación llegó a su límite de tiempo y se detuvo.",
    "No tiene que hacer nada. Está completa. Para continuar, inicie otra.",
  ],
  "5005": [
    "La emisión en directo llegó a su límite de tiempo y se detuvo.",
    "Para continuar, vuelva a emitir en directo.",
  ],
  "5006": [
    "La página para ver la reunión llegó a su límite de tiempo y se detuvo.",
    "Para continuar, iníciela de nuevo.",
  ],
  "5101": [
    "El servicio de reuniones tiene un problema en este momento.",
    "Inténtelo de nuevo dentro de un minuto. Si sigue así, avise a quienes gestionan este servicio.",
  ],
  "5101.NODE_LOST": [
    "Se perdió una parte del servicio de reuniones. Otra la sustituye.",
    "No tiene que hacer nada. En unos segundos volverá a tener conexión.",
  ],
  "5101.NODE_LATE": ["Una parte del servicio de reuniones responde despacio.", "Inténtelo de nuevo."],
  "5101.OVERLOADED": ["El servicio de reuniones está lleno en este momento.", "Espere un minuto e inténtelo de nuevo."],
  "5101.NODE_OVERLOADED": [
    "El servicio de reuniones está lleno en este momento.",
    "Espere un minuto e inténtelo de nuevo.",
  ],
  "5101.DRAINING": ["El servicio de reuniones está a punto de reiniciarse.", "Espere un minuto e inténtelo de nuevo."],
  "5102": ["El servicio de reuniones se ha detenido.", "Espere un momento y entre de nuevo."],
  "5102.MOVING": ["La reunión pasa a otra máquina.", "Espere un momento; continúa sola."],
  "5107": [
    "La emisión hacia la reunión se detuvo por un problema del servicio de reuniones.",
    "Iníciela de nuevo en el programa que emite. Si se detiene otra vez, avise a quienes gestionan este servicio.",
  ],
};
