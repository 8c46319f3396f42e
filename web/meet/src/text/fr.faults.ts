import type { FaultTexts } from "@klatch/ui";

/** What somebody in a call reads of a fault: what happened and what to do, by code, and by code and reason. */
export const faults: FaultTexts = {
  "3011": [
    "Votre caméra est désactivée, car aucune image n’en arrive.",
    "Vérifiez que son cache est ouvert et qu’aucun autre programme ne l’utilise. Réactivez-la ensuite ou choisissez une autre caméra dans les paramètres.",
  ],
  "3011.BACKGROUND_FAILED": [
    "Votre caméra est désactivée, car son arrière-plan n’a pas pu être changé.",
    "Montrez-vous sans autre arrière-plan, ou activez la caméra pour réessayer.",
  ],
  "3012": [
    "Votre micro est désactivé, car aucun son n’en arrive.",
    "Vérifiez qu’il est branché, allumé et qu’aucun autre programme ne l’utilise. Réactivez-le ensuite ou choisissez un autre micro dans les paramètres.",
  ],
  "3013": [
    "Votre écran n’est pas partagé.",
    "Partagez-le de nouveau. Si cela échoue, choisissez une fenêtre plutôt que tout l’écran.",
  ],
  "3013.NO_USER_GESTURE": [
    "Le navigateur ne partage un écran qu’après un clic.",
    "Cliquez encore une fois sur le bouton qui partage votre écran.",
  ],
  "3013.NO_SCREEN_SHARE": [
    "Ce navigateur ne peut pas partager d’écran.",
    "Ouvrez la réunion sur un ordinateur, avec une version actuelle de Chrome, Edge, Firefox ou Safari.",
  ],
  "3014": [
    "Cette page n’est pas autorisée à utiliser votre caméra.",
    "Ouvrez le lien de la réunion dans son propre onglet. Si cela n’aide pas, prévenez les personnes qui gèrent ce service.",
  ],
  "3015": [
    "Cette page n’est pas autorisée à utiliser votre micro.",
    "Ouvrez le lien de la réunion dans son propre onglet. Si cela n’aide pas, prévenez les personnes qui gèrent ce service.",
  ],
  "3016": [
    "Cette page n’est pas autorisée à partager votre écran.",
    "Ouvrez le lien de la réunion dans son propre onglet. Si cela n’aide pas, prévenez les personnes qui gèrent ce service.",
  ],
  "3016.USER_CANCELLED": [
    "Vous avez fermé le choix sans choisir d’écran.",
    "Pour partager votre écran, recommencez et choisissez un écran ou une fenêtre.",
  ],
  "3016.PERMISSION_DENIED": [
    "Votre ordinateur n’autorise pas le navigateur à montrer l’écran.",
    "Autorisez-le dans les paramètres de confidentialité de votre ordinateur, sous enregistrement de l’écran, puis redémarrez le navigateur.",
  ],
  "3017": [
    "Le navigateur n’autorise pas cette page à utiliser votre caméra.",
    "Cliquez sur le symbole à côté de l’adresse de cette page, autorisez la caméra et réactivez-la.",
  ],
  "3017.PERMISSION_DISMISSED": [
    "La question du navigateur a été fermée sans réponse.",
    "Réactivez l’appareil et choisissez de l’autoriser.",
  ],
  "3018": [
    "Le navigateur n’autorise pas cette page à utiliser votre micro.",
    "Cliquez sur le symbole à côté de l’adresse de cette page, autorisez le micro et réactivez-le.",
  ],
  "3018.PERMISSION_DISMISSED": [
    "La question du navigateur a été fermée sans réponse.",
    "Réactivez l’appareil et choisissez de l’autoriser.",
  ],
  "3019": [
    "Votre appareil n’autorise pas le navigateur à utiliser la caméra.",
    "Autorisez-le dans les paramètres de confidentialité de votre ordinateur ou téléphone, puis redémarrez le navigateur.",
  ],
  "3020": [
    "Votre appareil n’autorise pas le navigateur à utiliser le micro.",
    "Autorisez-le dans les paramètres de confidentialité de votre ordinateur ou téléphone, puis redémarrez le navigateur.",
  ],
  "3021": ["Aucune caméra n’a été trouvée.", "Branchez-en une et réactivez-la. Vous pouvez participer sans caméra."],
  "3022": [
    "Aucun micro n’a été trouvé.",
    "Branchez-en un et réactivez-le. Sans micro, vous pouvez écouter et écrire dans le chat.",
  ],
  "3023": [
    "Un autre programme utilise votre caméra.",
    "Fermez ce programme ou terminez son appel, puis réactivez la caméra.",
  ],
  "3024": [
    "Un autre programme utilise votre micro.",
    "Fermez ce programme ou terminez son appel, puis réactivez le micro.",
  ],
  "3026": [
    "Votre caméra n’a pas démarré.",
    "Fermez les autres programmes et onglets qui l’utilisent, puis réactivez-la. Si cela échoue encore, débranchez-la et rebranchez-la.",
  ],
  "3027": [
    "Votre caméra s’est arrêtée et elle est maintenant désactivée.",
    "Rebranchez-la ou choisissez une autre caméra dans les paramètres, puis activez-la.",
  ],
  "3028": [
    "Votre micro s’est arrêté et il est maintenant désactivé.",
    "Rebranchez-le ou choisissez un autre micro dans les paramètres, puis activez-le.",
  ],
  "3029": ["La caméra n’a pas pu être utilisée.", "Réactivez l’appareil."],
  "3030": ["Le micro n’a pas pu être utilisé.", "Réactivez l’appareil."],
  "3031": ["La caméra s’était arrêtée avant d’être utilisée.", "Réactivez l’appareil."],
  "3032": ["Le micro s’était arrêté avant d’être utilisé.", "Réactivez l’appareil."],
  "3033": [
    "Le navigateur bloque la caméra, car cette page n’est pas sécurisée.",
    "Demandez un lien sécurisé à l’organisateur.",
  ],
  "3034": [
    "Le navigateur bloque le micro, car cette page n’est pas sécurisée.",
    "Demandez un lien sécurisé à l’organisateur.",
  ],
  "3035": ["Cela ne fonctionne que dans la réunion.", "Rejoignez d’abord la réunion."],
  "3035.IN_LOBBY": ["Vous attendez encore qu’on vous laisse entrer.", "Faites-le quand vous serez dans la réunion."],
  "3035.LEFT": ["Vous avez quitté la réunion.", "Rejoignez-la de nouveau pour le faire."],
  "3044": [
    "La connexion pour le son et la vidéo n’a pas pu être établie.",
    "Rechargez la page. Si cela n’aide pas, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3045": [
    "Ce navigateur envoie votre vidéo plus simplement que ne le demande la réunion.",
    "Vous n’avez rien à faire. Les autres vous voient ; un autre navigateur pourrait leur donner une meilleure image.",
  ],
  "3046": [
    "Ce navigateur envoie votre vidéo dans une seule taille.",
    "Vous n’avez rien à faire. Les autres vous voient ; un autre navigateur pourrait leur donner une image plus fluide.",
  ],
  "3048": ["La connexion n’est pas encore prête.", "Patientez un instant et réessayez."],
  "3049": [
    "Votre caméra fonctionne, mais les autres ne peuvent pas vous voir.",
    "Désactivez la caméra et réactivez-la. Si cela n’aide pas, rejoignez de nouveau la réunion.",
  ],
  "3051": ["La caméra que vous avez choisie n’est pas disponible.", "Faites un autre choix dans les paramètres."],
  "3054": ["C’est déjà le cas.", "Vous n’avez rien à faire."],
  "3055": ["C’est encore en cours.", "Attendez que ce soit terminé."],
  "3056": ["Cela a été arrêté avant la fin.", "Réessayez."],
  "3057": [
    "La réunion n’a pas pu être terminée pour tous.",
    "Réessayez. Si vous n’avez pas le droit de la terminer, quittez simplement la réunion.",
  ],
  "3058": [
    "Votre micro fonctionne, mais les autres ne peuvent pas vous entendre.",
    "Désactivez le micro et réactivez-le. Si cela n’aide pas, rejoignez de nouveau la réunion.",
  ],
  "3059": ["Le micro que vous avez choisi n’est pas disponible.", "Faites un autre choix dans les paramètres."],
  "3061": ["Les autres ne peuvent pas voir votre écran.", "Arrêtez le partage et partagez de nouveau votre écran."],
  "3062": ["La caméra de cette personne est désactivée.", "Réessayez quand ce sera activé."],
  "3063": [
    "La qualité de votre caméra n’a pas pu être modifiée.",
    "Vous n’avez rien à faire. Votre caméra continue comme avant.",
  ],
  "3065": ["Cela n’a pas été fait, car la connexion a été interrompue.", "Réessayez quand vous serez connecté."],
  "3066": [
    "Vous participez à cette réunion d’une manière qui ne le permet pas.",
    "Demandez à l’organisateur de vous laisser participer pleinement.",
  ],
  "3067": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3068": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3068.NOT_RECEIVED": ["L’image ou le son de cette personne est désactivé.", "Réessayez quand ce sera activé."],
  "3068.PAYLOAD_TOO_LARGE": ["Votre message est trop long.", "Raccourcissez-le et renvoyez-le."],
  "3069": ["Aucune image de cette caméra n’a pu être prise.", "Réessayez."],
  "3070": ["Votre message n’a pas été envoyé.", "Patientez un instant et renvoyez-le."],
  "3071": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3072": ["C’est trop volumineux pour être conservé.", "Raccourcissez-le et réessayez."],
  "3073": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3073.TOO_LARGE": ["C’est trop volumineux pour être envoyé.", "Raccourcissez-le et réessayez."],
  "3073.TRACK_NOT_LIVE": ["L’appareil s’était arrêté avant d’être utilisé.", "Réactivez l’appareil."],
  "3074": ["Le fichier n’a pas été envoyé.", "Réessayez. Si cela échoue encore, envoyez-le autrement."],
  "3074.TOO_LARGE": ["Le fichier est trop volumineux.", "Choisissez un fichier plus petit."],
  "3074.MEETING_FULL": [
    "Il n’y a pas de place dans la réunion pour un autre fichier de cette taille.",
    "Choisissez un fichier plus petit ou envoyez-le autrement.",
  ],
  "3074.NO_ANSWER": [
    "Le fichier n’a pas été envoyé, car la connexion a été interrompue.",
    "Vérifiez votre connexion internet et renvoyez-le.",
  ],
  "3075": [
    "Le fichier n’a pas pu être ouvert.",
    "Réessayez. Si cela échoue encore, demandez à la personne qui l’a envoyé de l’envoyer autrement.",
  ],
  "3075.NOT_FOUND": ["Ce fichier n’est plus là.", "Demandez à la personne qui l’a envoyé de le renvoyer."],
  "3075.EXPIRED": [
    "Ce fichier a été conservé pour une durée limitée, qui est passée.",
    "Demandez à la personne qui l’a envoyé de le renvoyer.",
  ],
  "3075.NO_ANSWER": [
    "Le fichier n’a pas été envoyé, car la connexion a été interrompue.",
    "Vérifiez votre connexion internet et renvoyez-le.",
  ],
  "3079": ["Aucune réponse n’est arrivée à temps.", "Vérifiez votre connexion internet et réessayez."],
  "3101": [
    "Le son et la vidéo ne passent pas.",
    "Désactivez votre VPN si vous en utilisez un, ou essayez un autre réseau, par exemple celui de votre téléphone. Rejoindre de nouveau la réunion peut aussi aider.",
  ],
  "3101.UDP_BLOCKED": [
    "Votre réseau bloque le son et la vidéo.",
    "Utilisez un autre réseau, par exemple celui de votre téléphone, ou demandez à la personne qui gère ce réseau d’autoriser les appels vidéo.",
  ],
  "3101.SERVER_PRIVATE_ADDRESS": [
    "Le son et la vidéo ne peuvent pas atteindre cette réunion depuis votre réseau.",
    "Prévenez les personnes qui gèrent ce service. Si la réunion appartient à un réseau d’entreprise, connectez-vous à ce réseau et rejoignez-la de nouveau.",
  ],
  "3101.MEDIA_NOT_ARRIVING": [
    "Votre son ou votre vidéo n’arrive pas aux autres en ce moment.",
    "Vérifiez votre connexion internet. Si cela continue, quittez la réunion et rejoignez-la de nouveau.",
  ],
  "3101.PATH_LOST": [
    "La connexion pour le son et la vidéo a été perdue.",
    "Vérifiez votre connexion internet. La page essaie toujours de se reconnecter.",
  ],
  "3102": ["La réunion n’a pas pu être jointe.", "Vérifiez votre connexion internet et réessayez."],
  "3102.BAD_URL": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.GATEWAY_DOWN": [
    "Le service de réunion n’est pas disponible en ce moment.",
    "Patientez quelques minutes et réessayez.",
  ],
  "3102.REDIRECTED": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.FORBIDDEN": [
    "Quelque chose devant le service de réunion en bloque l’accès.",
    "Si votre entreprise demande de s’identifier sur son réseau, faites-le et réessayez. Sinon, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.WRONG_PATH": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.PREFIX_KEPT": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.NOT_KLATCH": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.UPGRADE_STRIPPED": [
    "Quelque chose entre vous et le service de réunion bloque la connexion.",
    "Essayez un autre réseau, par exemple celui de votre téléphone. Si cela n’aide pas, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.ORIGIN_REFUSED": [
    "Cette page n’est pas autorisée à se connecter à la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.ANSWER_HIDDEN": [
    "Cette page n’est pas configurée correctement et ne peut donc pas atteindre la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.CSP_BLOCKED": [
    "Cette page n’est pas autorisée à se connecter à la réunion.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3102.MIXED_CONTENT": [
    "Le navigateur bloque la connexion, car le service de réunion n’est pas sécurisé.",
    "Envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "3103": ["Vous avez perdu votre place dans la réunion.", "Rejoignez de nouveau la réunion."],
  "3103.WINDOW_PASSED": [
    "Vous avez été absent trop longtemps et avez perdu votre place dans la réunion.",
    "Vérifiez votre connexion internet et rejoignez de nouveau la réunion.",
  ],
  "3103.SECRET_REUSED": [
    "Votre place dans la réunion a été utilisée à deux endroits à la fois.",
    "Fermez les autres onglets qui montrent cette réunion et rejoignez-la de nouveau.",
  ],
  "3103.EVENTS_LOST": [
    "Trop de choses se sont passées dans la réunion pendant votre absence.",
    "Rejoignez de nouveau la réunion.",
  ],
  "3103.GAVE_UP": [
    "La connexion a été perdue trop longtemps.",
    "Vérifiez votre connexion internet et rejoignez de nouveau la réunion.",
  ],
  "3104": [
    "Votre navigateur ne peut pas faire tout ce dont cette réunion a besoin.",
    "Ouvrez le lien avec une version actuelle de Chrome, Edge, Firefox ou Safari.",
  ],
  "3104.INSECURE_CONTEXT": [
    "Le navigateur bloque la caméra, le micro et l’écran, car cette page n’est pas sécurisée.",
    "Demandez un lien sécurisé à l’organisateur.",
  ],
  "3104.NO_WEBRTC": [
    "Ce navigateur ne peut pas participer à des réunions vidéo.",
    "Ouvrez le lien avec une version actuelle de Chrome, Edge, Firefox ou Safari.",
  ],
  "3104.SCRIPT_NOT_LOADED": [
    "Une partie de cette page n’a pas pu être chargée.",
    "Vérifiez que vous êtes en ligne et rechargez la page.",
  ],
  "3104.NO_SOUND_HEARD": [
    "Vous n’avez pas entendu le son.",
    "Montez le volume et choisissez le haut-parleur ou le casque que vous utilisez dans les paramètres de son de votre ordinateur ou téléphone. Rejouez ensuite le son.",
  ],
  "3104.NO_STATS": [
    "La qualité de votre connexion ne peut pas être mesurée dans ce navigateur.",
    "Vous n’avez rien à faire. La réunion continue.",
  ],
  "3104.CODEC_NOT_RECEIVED": [
    "Votre navigateur ne peut pas lire le son ou la vidéo d’une personne.",
    "Ouvrez le lien avec une version actuelle de Chrome, Edge, Firefox ou Safari.",
  ],
  "3105": ["Ce n’est pas proposé ici.", "Utilisez la réunion sans cela."],
  "3106": [
    "Quelque chose sur cet appareil perturbe votre appel.",
    "Si cela dure, fermez d’autres programmes ou rejoignez depuis un autre appareil.",
  ],
  "3106.SPEAKING_WHILE_MUTED": ["Votre micro est coupé, personne ne vous entend.", "Activez votre micro pour parler."],
  "3106.UPLINK_LIMITED": [
    "Votre connexion internet est lente, les autres vous voient donc moins nettement.",
    "Rapprochez-vous de votre box ou utilisez un câble, et arrêtez les autres envois. Désactiver votre caméra aide le son.",
  ],
  "3106.CPU_LIMITED": [
    "Votre appareil est très sollicité, les autres vous voient donc moins nettement.",
    "Fermez d’autres programmes et onglets, et branchez le chargeur.",
  ],
  "3106.AUTOPLAY_BLOCKED": [
    "Le navigateur ne joue pas encore de son.",
    "Cliquez n’importe où dans cette page pour entendre les autres.",
  ],
  "3106.DEVICE_CHANGED": [
    "Votre appareil a choisi un autre micro depuis votre arrivée.",
    "Pour l’utiliser ici aussi, choisissez-le dans les paramètres de la réunion.",
  ],
  "3106.TAB_SUSPENDED": [
    "Votre appareil a mis cette page en pause, l’appel a donc été interrompu.",
    "Gardez cette page au premier plan et l’appareil éveillé pendant l’appel.",
  ],
  "3106.CLOCK_WRONG": [
    "L’horloge de votre appareil n’est pas à l’heure.",
    "Réglez la date et l’heure automatiquement pour que les liens continuent de fonctionner.",
  ],
  "4001": ["Ce lien ne fonctionne pas.", "Demandez un nouveau lien à l’organisateur."],
  "4001.KEY_REVOKED": ["Ce lien ne fonctionne plus.", "Demandez un nouveau lien à l’organisateur."],
  "4002": ["Ce lien ne fonctionne pas.", "Demandez un nouveau lien à l’organisateur."],
  "4002.EXPIRED": ["Ce lien a expiré.", "Demandez un nouveau lien à l’organisateur."],
  "4002.NOT_YET_VALID": [
    "Ce lien n’est pas encore valable.",
    "Réessayez plus tard ou demandez un nouveau lien à l’organisateur.",
  ],
  "4003": [
    "Ce lien n’est pas complet ou il a été modifié.",
    "Ouvrez le lien exactement comme vous l’avez reçu ou demandez-en un nouveau à l’organisateur.",
  ],
  "4003.NOT_FOUND": [
    "Cette réunion n’existe pas.",
    "Demandez à l’organisateur si elle a été déplacée, et un nouveau lien.",
  ],
  "4004": ["Ce lien ne fonctionne pas.", "Demandez un nouveau lien à l’organisateur."],
  "4004.LOOKS_ALIKE": [
    "Ce lien peut être confondu avec celui de quelqu’un qui est dans la réunion.",
    "Demandez un nouveau lien à l’organisateur.",
  ],
  "4005": [
    "Vous avez rejoint la réunion depuis un autre onglet ou appareil.",
    "Continuez là-bas. Si vous la rejoignez de nouveau ici, vous la quitterez à l’autre endroit.",
  ],
  "4006": [
    "L’organisateur ne peut pas tenir de réunions ici en ce moment.",
    "Dites à l’organisateur que le service de réunion a été désactivé.",
  ],
  "4007": [
    "L’organisateur ne peut plus tenir de réunions ici.",
    "Dites à l’organisateur que le service de réunion a été désactivé.",
  ],
  "4008": ["Ce lien ne vous laisse pas entrer.", "Demandez un nouveau lien à l’organisateur."],
  "4009": ["La réunion est complète.", "Réessayez quand quelqu’un sera parti ou prévenez l’organisateur."],
  "4010": [
    "Personne d’autre ne peut parler dans cette réunion.",
    "Réessayez quand quelqu’un sera parti ou prévenez l’organisateur.",
  ],
  "4011": [
    "L’enregistrement n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4011.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4011.ALREADY_RUNNING": [
    "Il y en a déjà un en cours dans cette réunion.",
    "Vous n’avez rien à faire. Pour le changer, arrêtez celui qui est en cours et recommencez.",
  ],
  "4011.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4012": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4013": [
    "La diffusion en direct n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4013.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4013.ALREADY_RUNNING": [
    "Il y en a déjà un en cours dans cette réunion.",
    "Vous n’avez rien à faire. Pour le changer, arrêtez celui qui est en cours et recommencez.",
  ],
  "4013.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4013.DNS": [
    "La destination {output} de la diffusion est injoignable.",
    "Copiez de nouveau son adresse depuis le service de diffusion et vérifiez que le service fonctionne.",
  ],
  "4013.REFUSED": [
    "La destination {output} de la diffusion est injoignable.",
    "Copiez de nouveau son adresse depuis le service de diffusion et vérifiez que le service fonctionne.",
  ],
  "4013.UNREACHABLE": [
    "La destination {output} de la diffusion est injoignable.",
    "Copiez de nouveau son adresse depuis le service de diffusion et vérifiez que le service fonctionne.",
  ],
  "4013.CONNECT_TIMEOUT": [
    "La destination {output} de la diffusion est injoignable.",
    "Copiez de nouveau son adresse depuis le service de diffusion et vérifiez que le service fonctionne.",
  ],
  "4013.TLS": [
    "La destination {output} de la diffusion n’accepte pas de flux à cette adresse.",
    "Copiez de nouveau son adresse depuis le service de diffusion.",
  ],
  "4013.SCHEME_MISMATCH": [
    "La destination {output} de la diffusion n’accepte pas de flux à cette adresse.",
    "Copiez de nouveau son adresse depuis le service de diffusion.",
  ],
  "4013.HANDSHAKE_TIMEOUT": [
    "La destination {output} de la diffusion est injoignable.",
    "Copiez de nouveau son adresse depuis le service de diffusion et vérifiez que le service fonctionne.",
  ],
  "4013.NOT_RTMP": [
    "La destination {output} de la diffusion n’accepte pas de flux à cette adresse.",
    "Copiez de nouveau son adresse depuis le service de diffusion.",
  ],
  "4013.REDIRECT": [
    "La destination {output} de la diffusion n’accepte pas de flux à cette adresse.",
    "Copiez de nouveau son adresse depuis le service de diffusion.",
  ],
  "4013.AUTH_REQUIRED": [
    "La destination {output} de la diffusion demande un nom d’utilisateur et un mot de passe.",
    "Copiez l’adresse avec le nom d’utilisateur et le mot de passe depuis le service de diffusion.",
  ],
  "4013.AUTH_FAILED": [
    "La destination {output} de la diffusion demande un nom d’utilisateur et un mot de passe.",
    "Copiez l’adresse avec le nom d’utilisateur et le mot de passe depuis le service de diffusion.",
  ],
  "4013.CONNECT_REJECTED": [
    "La destination {output} de la diffusion n’accepte pas de flux à cette adresse.",
    "Copiez de nouveau son adresse depuis le service de diffusion.",
  ],
  "4013.PUBLISH_REJECTED": [
    "La destination {output} de la diffusion n’accepte pas la clé de flux.",
    "Copiez de nouveau la clé de flux depuis le service et vérifiez que personne d’autre ne diffuse avec elle.",
  ],
  "4014": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4015": [
    "La diffusion en direct n’a pas démarré, car ses destinations ne peuvent pas être utilisées.",
    "Copiez de nouveau l’adresse et la clé de flux de chaque destination depuis le service de diffusion.",
  ],
  "4015.EMPTY": [
    "La diffusion n’a pas de destination.",
    "Saisissez l’adresse et la clé de flux d’au moins une destination.",
  ],
  "4015.TOO_MANY": ["La diffusion a trop de destinations.", "Retirez-en quelques-unes."],
  "4015.BAD_URL": [
    "L’adresse de la destination {output} ne peut pas être utilisée.",
    "Copiez-la de nouveau depuis le service de diffusion.",
  ],
  "4015.SCHEME": [
    "L’adresse de la destination {output} ne peut pas être utilisée.",
    "Copiez-la de nouveau depuis le service de diffusion.",
  ],
  "4015.PRIVATE_ADDRESS": [
    "L’adresse de la destination {output} ne peut pas être utilisée.",
    "Copiez-la de nouveau depuis le service de diffusion.",
  ],
  "4015.BAD_KEY": [
    "La clé de flux de la destination {output} ne peut pas être utilisée.",
    "Copiez-la de nouveau depuis le service de diffusion.",
  ],
  "4015.DUPLICATE": ["La destination {output} est là deux fois.", "Retirez-la."],
  "4016": [
    "La page de visionnage n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4016.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4016.ALREADY_RUNNING": [
    "Il y en a déjà un en cours dans cette réunion.",
    "Vous n’avez rien à faire. Pour le changer, arrêtez celui qui est en cours et recommencez.",
  ],
  "4016.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4017": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4018": ["Le dernier enregistrement est encore en cours de finalisation.", "Patientez un instant et recommencez."],
  "4019": ["La dernière diffusion est encore en cours de finalisation.", "Patientez un instant et recommencez."],
  "4020": [
    "La dernière page de visionnage est encore en cours de finalisation.",
    "Patientez un instant et recommencez.",
  ],
  "4021": [
    "Les enregistrements et les diffusions sont désactivés ici.",
    "Demandez aux personnes qui gèrent ce service de les activer.",
  ],
  "4022": [
    "Ce lien est celui d’une autre réunion.",
    "Ouvrez le lien que vous avez reçu pour cette réunion ou demandez-en un nouveau à l’organisateur.",
  ],
  "4023": [
    "Ce lien est celui de quelqu’un d’autre.",
    "Ouvrez le lien que vous avez reçu vous-même ou demandez-en un à l’organisateur.",
  ],
  "4023.NOT_LISTED": [
    "Vous n’êtes pas sur la liste des personnes qui peuvent rejoindre cette réunion.",
    "Demandez à l’organisateur de vous y ajouter.",
  ],
  "4024": ["Ce lien ne vous laisse pas entrer dans une réunion.", "Demandez un nouveau lien à l’organisateur."],
  "4026": ["Personne d’autre ne peut entrer en ce moment.", "Réessayez plus tard ou prévenez l’organisateur."],
  "4027": ["Personne d’autre ne peut regarder en ce moment.", "Réessayez plus tard ou prévenez l’organisateur."],
  "4028": [
    "Il ne peut pas y avoir d’autre enregistrement en ce moment.",
    "Attendez qu’une autre réunion arrête son enregistrement, puis recommencez.",
  ],
  "4029": [
    "Il ne peut pas y avoir d’autre page de visionnage en ce moment.",
    "Attendez qu’une autre réunion arrête sa page de visionnage, puis recommencez.",
  ],
  "4030": [
    "Il ne peut pas y avoir d’autre diffusion en direct en ce moment.",
    "Attendez qu’une autre réunion arrête sa diffusion, puis recommencez.",
  ],
  "4035": [
    "L’enregistrement de cette personne n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4035.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4035.ALREADY_RUNNING": [
    "Il y en a déjà un en cours dans cette réunion.",
    "Vous n’avez rien à faire. Pour le changer, arrêtez celui qui est en cours et recommencez.",
  ],
  "4035.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4035.NO_SUCH_PARTICIPANT": ["Cette personne n’est pas dans la réunion.", "Vous n’avez rien à faire."],
  "4036": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4037": [
    "L’enregistrement de cette personne n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4037.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4037.ALREADY_RUNNING": [
    "Il y en a déjà un en cours dans cette réunion.",
    "Vous n’avez rien à faire. Pour le changer, arrêtez celui qui est en cours et recommencez.",
  ],
  "4037.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4037.NO_SUCH_PARTICIPANT": ["Cette personne n’est pas dans la réunion.", "Vous n’avez rien à faire."],
  "4038": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4039": [
    "L’enregistrement de cette personne n’a pas démarré.",
    "Réessayez dans une minute. Si cela échoue encore, prévenez les personnes qui gèrent ce service.",
  ],
  "4039.STORAGE_FULL": [
    "Il n’y a plus de place là où sont conservés les enregistrements et les diffusions.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "4039.NO_SESSION": [
    "Il n’y a personne dans la réunion, donc rien à montrer.",
    "Recommencez quand quelqu’un sera là.",
  ],
  "4039.NO_SUCH_PARTICIPANT": ["Cette personne n’est pas dans la réunion.", "Vous n’avez rien à faire."],
  "4039.WATERMARK_IMAGE": [
    "L’enregistrement n’a pas démarré : l’image qui devait y figurer ne peut pas être utilisée.",
    "Prévenez les personnes qui gèrent ce service.",
  ],
  "4040": ["Rien n’est en cours qui pourrait être arrêté.", "Vous n’avez rien à faire."],
  "4041": ["Personne d’autre ne peut entrer en ce moment.", "Réessayez plus tard ou prévenez l’organisateur."],
  "4045": [
    "Ce qui a été partagé dans la réunion n’a pas pu être conservé.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4046": [
    "Ce qui a été partagé dans la réunion n’a pas pu être lu.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4047": [
    "Ce navigateur charge chaque vidéo en taille réelle.",
    "Vous n’avez rien à faire. Un autre navigateur utiliserait peut-être moins votre connexion.",
  ],
  "4048": ["C’est déjà le cas.", "Vous n’avez rien à faire."],
  "4049": ["C’est déjà le cas.", "Vous n’avez rien à faire."],
  "4052": ["Cette réunion est fermée.", "Demandez à l’organisateur si elle sera rouverte."],
  "4053": ["Ce lien ne fonctionne plus.", "Demandez un nouveau lien à l’organisateur."],
  "4057": ["C’est déjà le cas.", "Vous n’avez rien à faire."],
  "4058": ["C’est déjà le cas.", "Vous n’avez rien à faire."],
  "4059": ["La réponse n’est pas arrivée à cette personne.", "Regardez la liste des personnes qui attendent."],
  "4059.NOT_PERMITTED": [
    "Vous n’avez pas le droit de laisser entrer des personnes.",
    "Demandez à l’organisateur de le faire.",
  ],
  "4059.NO_SUCH_REQUEST": ["Cette personne n’attend plus.", "Vous n’avez rien à faire."],
  "4059.ALREADY_ANSWERED": ["Quelqu’un d’autre a déjà répondu à cette personne.", "Vous n’avez rien à faire."],
  "4065": ["Vous attendez encore qu’on vous laisse entrer.", "Réessayez quand vous serez dans la réunion."],
  "4066": ["Cette personne n’a pas été exclue.", "Demandez à l’organisateur de le faire."],
  "4066.NOT_PERMITTED": ["Vous n’avez pas le droit de faire cela.", "Demandez à l’organisateur de le faire."],
  "4066.NO_SUCH_PARTICIPANT": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4067": ["On ne peut pas demander à cette personne d’activer son micro.", "Écrivez plutôt dans le chat."],
  "4068": ["Le micro de cette personne n’a pas été coupé.", "Demandez à l’organisateur de le faire."],
  "4068.NOT_PERMITTED": ["Vous n’avez pas le droit de faire cela.", "Demandez à l’organisateur de le faire."],
  "4068.NO_SUCH_PARTICIPANT": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4069": ["On ne peut pas demander à cette personne d’activer sa caméra.", "Écrivez plutôt dans le chat."],
  "4070": ["La caméra de cette personne n’a pas été désactivée.", "Demandez à l’organisateur de le faire."],
  "4070.NOT_PERMITTED": ["Vous n’avez pas le droit de faire cela.", "Demandez à l’organisateur de le faire."],
  "4070.NO_SUCH_PARTICIPANT": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4071": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4072": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4073": ["L’image de cette personne n’est plus là.", "Vous n’avez rien à faire."],
  "4074": ["L’image ou le son de cette personne n’est plus là.", "Vous n’avez rien à faire."],
  "4075": ["L’image ou le son de cette personne n’est plus là.", "Vous n’avez rien à faire."],
  "4076": ["L’autre réunion n’a pas pu être rejointe.", "Ouvrez son lien pour réessayer."],
  "4085": [
    "Ce qui est partagé dans la réunion ne peut pas être suivi.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4086": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4087": [
    "Votre message n’a pas été envoyé.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4087.TOO_LARGE": ["Votre message est trop long.", "Raccourcissez-le et renvoyez-le."],
  "4087.HISTORY_FULL": [
    "Le chat de cette réunion est plein.",
    "Aucun autre message ne peut être conservé. Prévenez l’organisateur ; une nouvelle réunion a un chat vide.",
  ],
  "4088": [
    "Les messages de cette réunion ne peuvent pas être affichés.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4089": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4101": ["On ne vous a pas laissé entrer.", "Demandez à l’organisateur si c’est la bonne réunion, puis réessayez."],
  "4101.LOCKED": [
    "Cette réunion est verrouillée : personne d’autre ne peut entrer.",
    "Demandez à l’organisateur de la déverrouiller, puis réessayez.",
  ],
  "4102": ["Personne ne vous a laissé entrer.", "Dites à l’organisateur que vous attendez et redemandez à entrer."],
  "4102.NOBODY_THERE": [
    "Personne dans la réunion ne pouvait vous laisser entrer.",
    "Dites à l’organisateur que vous attendez et redemandez à entrer.",
  ],
  "4103": ["Vous avez été exclu de la réunion.", "Si vous pensez que c’est une erreur, dites-le à l’organisateur."],
  "4104": ["La réunion est terminée.", "Vous pouvez fermer cette page."],
  "4104.AUTO_CLOSED": [
    "La réunion a atteint sa durée maximale et est terminée.",
    "Pour continuer, demandez une nouvelle réunion à l’organisateur.",
  ],
  "4104.ON_FAILURE": [
    "La réunion est terminée, car son enregistrement ou sa diffusion a échoué.",
    "Demandez à l’organisateur si elle continue dans une nouvelle réunion.",
  ],
  "4105": ["Vous n’avez pas le droit de faire cela.", "Demandez à l’organisateur de le faire."],
  "4105.AUDIO_RESTRICTED": [
    "Pour le moment, seuls les organisateurs peuvent activer un micro.",
    "Attendez que ce soit autorisé, ou demandez à un organisateur.",
  ],
  "4105.VIDEO_RESTRICTED": [
    "Pour le moment, seuls les organisateurs peuvent activer une caméra.",
    "Attendez que ce soit autorisé, ou demandez à un organisateur.",
  ],
  "4105.SHARE_RESTRICTED": [
    "Pour le moment, seuls les organisateurs peuvent partager un écran.",
    "Attendez que ce soit autorisé, ou demandez à un organisateur.",
  ],
  "4105.CHAT_RESTRICTED": [
    "Pour le moment, seuls les organisateurs peuvent écrire dans le chat.",
    "Attendez que ce soit autorisé, ou demandez à un organisateur.",
  ],
  "4105.LINK": ["Ce lien vers le fichier a expiré ou n’est pas complet.", "Demandez un nouveau lien à l’organisateur."],
  "4105.HLS_LINK": ["Ce lien a expiré ou n’est pas complet.", "Demandez un nouveau lien à l’organisateur."],
  "4106": ["Trop de choses ont été envoyées en peu de temps.", "Patientez une minute et réessayez."],
  "4106.BITRATE": [
    "Vous envoyez plus de son et de vidéo que cette réunion n’en permet, une partie est donc perdue.",
    "Arrêtez de partager votre écran, ou désactivez la caméra et réactivez-la.",
  ],
  "4106.SLOW_READER": [
    "Votre connexion était trop lente pour cette réunion.",
    "Utilisez un réseau plus rapide et rejoignez de nouveau la réunion.",
  ],
  "4106.MEETING_MESSAGE_BYTES": [
    "Les personnes de cette réunion ont trop écrit en peu de temps.",
    "Patientez une minute et renvoyez votre message.",
  ],
  "4106.ADDRESS_SOCKETS": [
    "Trop de personnes de votre réseau entrent en même temps.",
    "Patientez une minute et réessayez.",
  ],
  "4106.SERVER_SOCKETS": ["Trop de personnes entrent en même temps.", "Patientez une minute et réessayez."],
  "4106.ADDRESS_JOINS": [
    "Trop de personnes de votre réseau entrent en même temps.",
    "Patientez une minute et réessayez.",
  ],
  "4106.FAILED_TOKENS": [
    "Trop de liens qui ne fonctionnent pas ont été ouverts depuis votre réseau.",
    "Patientez quelques minutes et demandez un nouveau lien à l’organisateur.",
  ],
  "4106.FAILED_RESUMES": [
    "Trop de tentatives de retour dans une réunion ont été faites depuis votre réseau.",
    "Patientez quelques minutes et rejoignez de nouveau la réunion.",
  ],
  "4106.DATA_SLOW_RECEIVER": [
    "Votre connexion est trop lente pour tout ce que les autres envoient, vous en manquez donc une partie.",
    "Utilisez un réseau plus rapide.",
  ],
  "4107": [
    "La page a demandé quelque chose qui n’est pas possible ici.",
    "Rechargez la page et réessayez. Si cela se reproduit, envoyez les détails pour l’assistance aux personnes qui gèrent ce service.",
  ],
  "4107.NO_SUCH_PARTICIPANT": ["Cette personne n’est plus dans la réunion.", "Vous n’avez rien à faire."],
  "4108": [
    "Ce n’est plus là.",
    "Rechargez la page. Si cela devrait y être, prévenez les personnes qui gèrent ce service.",
  ],
  "4109": ["Ce n’est pas possible en ce moment.", "Réessayez plus tard."],
  "4110": ["Ce n’est pas proposé ici.", "Utilisez la réunion sans cela."],
  "4112": [
    "Le programme qui diffuse vers la réunion a été refusé.",
    "Demandez une nouvelle clé de flux aux personnes qui gèrent ce service.",
  ],
  "5001": [
    "L’enregistrement a été arrêté par un problème du service de réunion.",
    "Redémarrez. Si cela s’arrête encore, prévenez les personnes qui gèrent ce service.",
  ],
  "5001.MEDIA_LOST": [
    "Une partie de la réunion manque dans ce qui est enregistré ou diffusé.",
    "Vous n’avez rien à faire. Elle réapparaît dès qu’elle arrive.",
  ],
  "5001.STORAGE_FULL": [
    "L’enregistrement ou la diffusion a été arrêté, car il n’y a plus de place. Ce qui a été enregistré jusque-là peut être lu.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "5001.NODE_LOST": [
    "La machine qui faisait l’enregistrement ou la diffusion a été perdue. Ce qui a été enregistré jusque-là est conservé.",
    "Redémarrez.",
  ],
  "5001.UPLOAD_FAILED": [
    "Un fichier de l’enregistrement ou de la diffusion n’a pas encore pu être placé là où il est conservé.",
    "Vous n’avez rien à faire. Le fichier est en sécurité et le service réessaie.",
  ],
  "5001.FILE_LOST": [
    "Un fichier de l’enregistrement ou de la diffusion a été perdu avant d’être placé là où il est conservé.",
    "Prévenez les personnes qui gèrent ce service.",
  ],
  "5002": [
    "La diffusion en direct a été arrêtée par un problème du service de réunion.",
    "Reprenez le direct. S’il s’arrête encore, prévenez les personnes qui gèrent ce service.",
  ],
  "5002.MEDIA_LOST": [
    "Une partie de la réunion manque dans ce qui est enregistré ou diffusé.",
    "Vous n’avez rien à faire. Elle réapparaît dès qu’elle arrive.",
  ],
  "5002.NODE_LOST": [
    "La machine qui faisait l’enregistrement ou la diffusion a été perdue. Ce qui a été enregistré jusque-là est conservé.",
    "Redémarrez.",
  ],
  "5002.OUTPUT_RETRYING": [
    "La destination {output} de la diffusion n’est pas connectée en ce moment.",
    "Vous n’avez rien à faire. Le service essaie de se reconnecter.",
  ],
  "5002.OUTPUT_LOST": [
    "La destination {output} de la diffusion a été perdue.",
    "Vérifiez-la auprès du service de diffusion et reprenez le direct.",
  ],
  "5002.UPLOAD_FAILED": [
    "Un fichier de l’enregistrement ou de la diffusion n’a pas encore pu être placé là où il est conservé.",
    "Vous n’avez rien à faire. Le fichier est en sécurité et le service réessaie.",
  ],
  "5002.FILE_LOST": [
    "Un fichier de l’enregistrement ou de la diffusion a été perdu avant d’être placé là où il est conservé.",
    "Prévenez les personnes qui gèrent ce service.",
  ],
  "5003": [
    "La page de visionnage a été arrêtée par un problème du service de réunion.",
    "Redémarrez. Si cela s’arrête encore, prévenez les personnes qui gèrent ce service.",
  ],
  "5003.MEDIA_LOST": [
    "Une partie de la réunion manque dans ce qui est enregistré ou diffusé.",
    "Vous n’avez rien à faire. Elle réapparaît dès qu’elle arrive.",
  ],
  "5003.STORAGE_FULL": [
    "L’enregistrement ou la diffusion a été arrêté, car il n’y a plus de place. Ce qui a été enregistré jusque-là peut être lu.",
    "Demandez aux personnes qui gèrent ce service de faire de la place, puis recommencez.",
  ],
  "5003.NODE_LOST": [
    "La machine qui faisait l’enregistrement ou la diffusion a été perdue. Ce qui a été enregistré jusque-là est conservé.",
    "Redémarrez.",
  ],
  "5003.FILE_LOST": [
    "Un fichier de l’enregistrement ou de la diffusion a été perdu avant d’être placé là où il est conservé.",
    "Prévenez les personnes qui gèrent ce service.",
  ],
  "5004": [
    "L’enregistrement a atteint sa durée maximale et a été arrêté.",
    "Vous n’avez rien à faire. Il est complet. Pour continuer, démarrez-en un autre.",
  ],
  "5005": [
    "La diffusion en direct a atteint sa durée maximale et a été arrêtée.",
    "Pour continuer, reprenez le direct.",
  ],
  "5006": ["La page de visionnage a atteint sa durée maximale et a été arrêtée.", "Pour continuer, redémarrez-la."],
  "5101": [
    "Le service de réunion a un problème en ce moment.",
    "Réessayez dans une minute. Si cela continue, prévenez les personnes qui gèrent ce service.",
  ],
  "5101.NODE_LOST": [
    "Une partie du service de réunion a été perdue. Une autre prend le relais.",
    "Vous n’avez rien à faire. Vous serez reconnecté dans quelques secondes.",
  ],
  "5101.NODE_LATE": ["Une partie du service de réunion répond lentement.", "Réessayez."],
  "5101.OVERLOADED": ["Le service de réunion est complet en ce moment.", "Patientez une minute et réessayez."],
  "5101.NODE_OVERLOADED": ["Le service de réunion est complet en ce moment.", "Patientez une minute et réessayez."],
  "5101.DRAINING": ["Le service de réunion va être redémarré.", "Patientez une minute et réessayez."],
  "5102": ["Le service de réunion a été arrêté.", "Patientez un instant et rejoignez de nouveau la réunion."],
  "5102.MOVING": ["La réunion passe sur une autre machine.", "Patientez un instant ; elle continue d’elle-même."],
  "5107": [
    "Le flux vers la réunion a été arrêté par un problème du service de réunion.",
    "Redémarrez-le dans le programme qui diffuse. S’il s’arrête encore, prévenez les personnes qui gèrent ce service.",
  ],
};
