import type { FaultTexts } from "@klatch/ui";

/** What somebody in a call reads of a fault: what happened and what to do, by code, and by code and reason. */
export const faults: FaultTexts = {
  3011: [
    "Ihre Kamera ist aus, weil kein Bild von ihr kommt.",
    "Prüfen Sie, ob ihre Abdeckung offen ist und kein anderes Programm sie verwendet. Schalten Sie sie dann " +
      "wieder ein, oder wählen Sie in den Einstellungen eine andere Kamera.",
  ],
  "3011.BACKGROUND_FAILED": [
    "Ihre Kamera ist aus, weil ihr Hintergrund nicht geändert werden konnte.",
    "Zeigen Sie sich ohne anderen Hintergrund, oder schalten Sie die Kamera ein, um es noch einmal zu versuchen.",
  ],
  3012: [
    "Ihr Mikrofon ist aus, weil kein Ton von ihm kommt.",
    "Prüfen Sie, ob es angeschlossen und eingeschaltet ist und kein anderes Programm es verwendet. Schalten " +
      "Sie es dann wieder ein, oder wählen Sie in den Einstellungen ein anderes Mikrofon.",
  ],
  3013: [
    "Ihr Bildschirm wird nicht geteilt.",
    "Teilen Sie ihn noch einmal. Wenn das nicht klappt, wählen Sie ein Fenster statt des ganzen Bildschirms.",
  ],
  3014: [
    "Diese Seite darf Ihre Kamera nicht verwenden.",
    "Öffnen Sie den Link der Besprechung in einem eigenen Tab des Browsers. Wenn das nicht hilft, sagen Sie es " +
      "den Betreibern dieses Dienstes.",
  ],
  3015: [
    "Diese Seite darf Ihr Mikrofon nicht verwenden.",
    "Öffnen Sie den Link der Besprechung in einem eigenen Tab des Browsers. Wenn das nicht hilft, sagen Sie es " +
      "den Betreibern dieses Dienstes.",
  ],
  3016: [
    "Diese Seite darf Ihren Bildschirm nicht teilen.",
    "Öffnen Sie den Link der Besprechung in einem eigenen Tab des Browsers. Wenn das nicht hilft, sagen Sie es " +
      "den Betreibern dieses Dienstes.",
  ],
  3017: [
    "Der Browser lässt diese Seite Ihre Kamera nicht verwenden.",
    "Klicken Sie auf das Symbol neben der Adresse dieser Seite, erlauben Sie die Kamera, und schalten Sie sie " +
      "wieder ein.",
  ],
  3018: [
    "Der Browser lässt diese Seite Ihr Mikrofon nicht verwenden.",
    "Klicken Sie auf das Symbol neben der Adresse dieser Seite, erlauben Sie das Mikrofon, und schalten Sie es " +
      "wieder ein.",
  ],
  3019: [
    "Ihr Gerät lässt den Browser die Kamera nicht verwenden.",
    "Erlauben Sie es in den Datenschutzeinstellungen Ihres Computers oder Telefons, und starten Sie den " +
      "Browser neu.",
  ],
  3020: [
    "Ihr Gerät lässt den Browser das Mikrofon nicht verwenden.",
    "Erlauben Sie es in den Datenschutzeinstellungen Ihres Computers oder Telefons, und starten Sie den " +
      "Browser neu.",
  ],
  3021: [
    "Es wurde keine Kamera gefunden.",
    "Schließen Sie eine an, und schalten Sie sie wieder ein. Sie können auch ohne Kamera teilnehmen.",
  ],
  3022: [
    "Es wurde kein Mikrofon gefunden.",
    "Schließen Sie eines an, und schalten Sie es wieder ein. Ohne Mikrofon können Sie zuhören und im Chat " +
      "schreiben.",
  ],
  3023: [
    "Ein anderes Programm verwendet Ihre Kamera.",
    "Schließen Sie das Programm oder beenden Sie dessen Anruf, und schalten Sie die Kamera wieder ein.",
  ],
  3024: [
    "Ein anderes Programm verwendet Ihr Mikrofon.",
    "Schließen Sie das Programm oder beenden Sie dessen Anruf, und schalten Sie das Mikrofon wieder ein.",
  ],
  3026: [
    "Ihre Kamera ist nicht gestartet.",
    "Schließen Sie andere Programme und Tabs, die sie verwenden, und schalten Sie sie wieder ein. Wenn es dann " +
      "noch nicht klappt, ziehen Sie sie ab und schließen Sie sie wieder an.",
  ],
  3027: [
    "Ihre Kamera hat aufgehört und ist jetzt aus.",
    "Schließen Sie sie wieder an, oder wählen Sie in den Einstellungen eine andere Kamera, und schalten Sie " +
      "sie ein.",
  ],
  3028: [
    "Ihr Mikrofon hat aufgehört und ist jetzt aus.",
    "Schließen Sie es wieder an, oder wählen Sie in den Einstellungen ein anderes Mikrofon, und schalten Sie " +
      "es ein.",
  ],
  3029: ["Die Kamera konnte nicht verwendet werden.", "Schalten Sie das Gerät wieder ein."],
  3030: ["Das Mikrofon konnte nicht verwendet werden.", "Schalten Sie das Gerät wieder ein."],
  3031: ["Die Kamera hatte aufgehört, bevor sie verwendet wurde.", "Schalten Sie das Gerät wieder ein."],
  3032: ["Das Mikrofon hatte aufgehört, bevor es verwendet wurde.", "Schalten Sie das Gerät wieder ein."],
  3033: [
    "Der Browser sperrt die Kamera, weil diese Seite nicht sicher ist.",
    "Bitten Sie die einladende Person um einen sicheren Link.",
  ],
  3034: [
    "Der Browser sperrt das Mikrofon, weil diese Seite nicht sicher ist.",
    "Bitten Sie die einladende Person um einen sicheren Link.",
  ],
  3035: ["Das geht nur in der Besprechung.", "Nehmen Sie zuerst an der Besprechung teil."],
  3044: [
    "Die Verbindung für Ton und Bild konnte nicht aufgebaut werden.",
    "Laden Sie die Seite neu. Wenn das nicht hilft, senden Sie die Angaben für den Support an die Betreiber " +
      "dieses Dienstes.",
  ],
  3045: [
    "Dieser Browser sendet Ihr Video einfacher, als die Besprechung es wünscht.",
    "Sie müssen nichts tun. Die anderen sehen Sie; mit einem anderen Browser sehen sie vielleicht ein besseres " +
      "Bild.",
  ],
  3046: [
    "Dieser Browser sendet Ihr Video nur in einer Größe.",
    "Sie müssen nichts tun. Die anderen sehen Sie; mit einem anderen Browser sehen sie vielleicht ein " +
      "flüssigeres Bild.",
  ],
  3048: ["Die Verbindung ist noch nicht bereit.", "Warten Sie einen Moment, und versuchen Sie es noch einmal."],
  3049: [
    "Ihre Kamera funktioniert, aber die anderen können Sie nicht sehen.",
    "Schalten Sie die Kamera aus und wieder ein. Wenn das nicht hilft, treten Sie erneut bei.",
  ],
  3051: ["Die Kamera, die Sie gewählt haben, ist nicht da.", "Wählen Sie in den Einstellungen ein anderes Gerät."],
  3054: ["Das ist bereits so.", "Sie müssen nichts tun."],
  3055: ["Das wird gerade noch erledigt.", "Warten Sie, bis es fertig ist."],
  3056: ["Das wurde abgebrochen, bevor es fertig war.", "Versuchen Sie es noch einmal."],
  3057: [
    "Die Besprechung konnte nicht für alle beendet werden.",
    "Versuchen Sie es noch einmal. Wenn Sie sie nicht beenden dürfen, verlassen Sie sie stattdessen.",
  ],
  3058: [
    "Ihr Mikrofon funktioniert, aber die anderen können Sie nicht hören.",
    "Schalten Sie das Mikrofon aus und wieder ein. Wenn das nicht hilft, treten Sie erneut bei.",
  ],
  3059: ["Das Mikrofon, das Sie gewählt haben, ist nicht da.", "Wählen Sie in den Einstellungen ein anderes Gerät."],
  3061: [
    "Die anderen können Ihren Bildschirm nicht sehen.",
    "Beenden Sie das Teilen, und teilen Sie Ihren Bildschirm noch einmal.",
  ],
  3062: ["Die Kamera dieser Person ist aus.", "Versuchen Sie es wieder, wenn diese Person wieder sendet."],
  3063: [
    "Die Qualität Ihrer Kamera konnte nicht geändert werden.",
    "Sie müssen nichts tun. Ihre Kamera läuft weiter wie bisher.",
  ],
  3065: [
    "Das wurde nicht getan, weil die Verbindung unterbrochen war.",
    "Versuchen Sie es wieder, wenn Sie verbunden sind.",
  ],
  3066: [
    "Sie nehmen auf eine Weise an dieser Besprechung teil, die das nicht erlaubt.",
    "Bitten Sie die einladende Person, Sie voll teilnehmen zu lassen.",
  ],
  3067: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  3068: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  3069: ["Von dieser Kamera konnte kein Bild aufgenommen werden.", "Versuchen Sie es noch einmal."],
  3070: ["Ihre Nachricht wurde nicht gesendet.", "Warten Sie einen Moment, und senden Sie sie noch einmal."],
  3071: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  3072: ["Das ist zu groß, um aufbewahrt zu werden.", "Kürzen Sie es, und versuchen Sie es noch einmal."],
  3073: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  3074: [
    "Die Datei wurde nicht gesendet.",
    "Versuchen Sie es noch einmal. Wenn es wieder nicht klappt, senden Sie sie auf einem anderen Weg.",
  ],
  3075: [
    "Die Datei konnte nicht geöffnet werden.",
    "Versuchen Sie es noch einmal. Wenn es wieder nicht klappt, bitten Sie die Person, die sie gesendet hat, " +
      "sie auf einem anderen Weg zu senden.",
  ],
  3079: [
    "Es kam keine Antwort in der vorgesehenen Zeit.",
    "Prüfen Sie Ihre Internetverbindung, und versuchen Sie es noch einmal.",
  ],
  3101: [
    "Ton und Bild kommen nicht durch.",
    "Schalten Sie ein VPN aus, wenn Sie eines verwenden, oder probieren Sie ein anderes Netz, etwa das Ihres " +
      "Telefons. Auch ein erneuter Beitritt kann helfen.",
  ],
  3102: [
    "Die Besprechung war nicht erreichbar.",
    "Prüfen Sie Ihre Internetverbindung, und versuchen Sie es noch einmal.",
  ],
  3103: ["Sie haben Ihren Platz in der Besprechung verloren.", "Treten Sie erneut bei."],
  3104: [
    "Ihr Browser kann nicht alles, was diese Besprechung braucht.",
    "Öffnen Sie den Link in einer aktuellen Version von Chrome, Edge, Firefox oder Safari.",
  ],
  3105: ["Das wird hier nicht angeboten.", "Nutzen Sie die Besprechung ohne diese Funktion."],
  3106: [
    "Etwas auf diesem Gerät stört Ihren Anruf.",
    "Wenn es anhält, schließen Sie andere Programme, oder nehmen Sie mit einem anderen Gerät teil.",
  ],
  4001: ["Dieser Link funktioniert nicht.", "Bitten Sie die einladende Person um einen neuen Link."],
  4002: ["Dieser Link funktioniert nicht.", "Bitten Sie die einladende Person um einen neuen Link."],
  4003: [
    "Dieser Link ist unvollständig, oder er wurde verändert.",
    "Öffnen Sie den Link genau so, wie er Ihnen geschickt wurde, oder bitten Sie die einladende Person um " +
      "einen neuen.",
  ],
  4004: ["Dieser Link funktioniert nicht.", "Bitten Sie die einladende Person um einen neuen Link."],
  4005: [
    "Sie nehmen von einem anderen Tab oder Gerät aus teil.",
    "Machen Sie dort weiter. Wenn Sie hier wieder beitreten, endet die andere Teilnahme.",
  ],
  4006: [
    "Die einladende Person kann hier zurzeit keine Besprechungen abhalten.",
    "Sagen Sie der einladenden Person, dass der Besprechungsdienst abgeschaltet wurde.",
  ],
  4007: [
    "Die einladende Person kann hier keine Besprechungen mehr abhalten.",
    "Sagen Sie der einladenden Person, dass der Besprechungsdienst abgeschaltet wurde.",
  ],
  4008: ["Mit diesem Link kommen Sie nicht hinein.", "Bitten Sie die einladende Person um einen neuen Link."],
  4009: [
    "Die Besprechung ist voll.",
    "Versuchen Sie es wieder, wenn jemand gegangen ist, oder sagen Sie es der einladenden Person.",
  ],
  4010: [
    "In dieser Besprechung können nicht noch mehr Personen sprechen.",
    "Versuchen Sie es wieder, wenn jemand gegangen ist, oder sagen Sie es der einladenden Person.",
  ],
  4011: [
    "Die Aufzeichnung ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4012: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4013: [
    "Der Livestream ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4014: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4015: [
    "Der Livestream ist nicht gestartet, weil seine Ziele nicht verwendbar sind.",
    "Kopieren Sie Adresse und Streamschlüssel jedes Ziels erneut vom Streamingdienst.",
  ],
  4016: [
    "Die Zuschauerseite ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4017: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4018: ["Die letzte Aufzeichnung wird noch fertiggestellt.", "Warten Sie einen Moment, und starten Sie noch einmal."],
  4019: ["Der letzte Livestream wird noch fertiggestellt.", "Warten Sie einen Moment, und starten Sie noch einmal."],
  4020: [
    "Die letzte Zuschauerseite wird noch fertiggestellt.",
    "Warten Sie einen Moment, und starten Sie noch einmal.",
  ],
  4021: [
    "Aufzeichnungen und Streams sind hier abgeschaltet.",
    "Bitten Sie die Betreiber dieses Dienstes, sie einzuschalten.",
  ],
  4022: [
    "Dieser Link gehört zu einer anderen Besprechung.",
    "Öffnen Sie den Link, der Ihnen für diese Besprechung geschickt wurde, oder bitten Sie die einladende " +
      "Person um einen neuen.",
  ],
  4023: [
    "Dieser Link ist für jemand anderen.",
    "Öffnen Sie den Link, der Ihnen selbst geschickt wurde, oder bitten Sie die einladende Person um einen.",
  ],
  4024: ["Mit diesem Link kommen Sie in keine Besprechung.", "Bitten Sie die einladende Person um einen neuen Link."],
  4026: [
    "Zurzeit können nicht noch mehr Personen teilnehmen.",
    "Versuchen Sie es später noch einmal, oder sagen Sie es der einladenden Person.",
  ],
  4027: [
    "Zurzeit können nicht noch mehr Personen zusehen.",
    "Versuchen Sie es später noch einmal, oder sagen Sie es der einladenden Person.",
  ],
  4028: [
    "Zurzeit können nicht noch mehr Aufzeichnungen laufen.",
    "Warten Sie, bis eine andere Besprechung ihre Aufzeichnung beendet hat, und starten Sie noch einmal.",
  ],
  4029: [
    "Zurzeit können nicht noch mehr Zuschauerseiten laufen.",
    "Warten Sie, bis eine andere Besprechung ihre Zuschauerseite beendet hat, und starten Sie noch einmal.",
  ],
  4030: [
    "Zurzeit können nicht noch mehr Livestreams laufen.",
    "Warten Sie, bis eine andere Besprechung ihren Livestream beendet hat, und starten Sie noch einmal.",
  ],
  4035: [
    "Die Aufzeichnung dieser Person ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4036: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4037: [
    "Die Aufzeichnung dieser Person ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4038: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4039: [
    "Die Aufzeichnung dieser Person ist nicht gestartet.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder nicht klappt, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  4040: ["Es läuft nichts, was beendet werden könnte.", "Sie müssen nichts tun."],
  4041: [
    "Zurzeit können nicht noch mehr Personen teilnehmen.",
    "Versuchen Sie es später noch einmal, oder sagen Sie es der einladenden Person.",
  ],
  4045: [
    "Was in der Besprechung geteilt wurde, konnte nicht aufbewahrt werden.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4046: [
    "Was in der Besprechung geteilt wurde, konnte nicht gelesen werden.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4047: [
    "Dieser Browser lädt jedes Video in voller Größe.",
    "Sie müssen nichts tun. Ein anderer Browser belastet Ihre Verbindung vielleicht weniger.",
  ],
  4048: ["Das ist bereits so.", "Sie müssen nichts tun."],
  4049: ["Das ist bereits so.", "Sie müssen nichts tun."],
  4052: ["Diese Besprechung ist geschlossen.", "Fragen Sie die einladende Person, ob sie wieder geöffnet wird."],
  4053: ["Dieser Link funktioniert nicht mehr.", "Bitten Sie die einladende Person um einen neuen Link."],
  4057: ["Das ist bereits so.", "Sie müssen nichts tun."],
  4058: ["Das ist bereits so.", "Sie müssen nichts tun."],
  4059: ["Die Antwort hat diese Person nicht erreicht.", "Sehen Sie in der Liste der Wartenden nach."],
  4065: [
    "Sie warten noch darauf, hereingelassen zu werden.",
    "Versuchen Sie es wieder, wenn Sie in der Besprechung sind.",
  ],
  4066: ["Diese Person wurde nicht entfernt.", "Bitten Sie die einladende Person, es zu tun."],
  4067: ["Diese Person kann nicht gebeten werden, ihr Mikrofon einzuschalten.", "Schreiben Sie stattdessen im Chat."],
  4068: ["Diese Person wurde nicht stumm geschaltet.", "Bitten Sie die einladende Person, es zu tun."],
  4069: ["Diese Person kann nicht gebeten werden, die Kamera einzuschalten.", "Schreiben Sie stattdessen im Chat."],
  4070: ["Die Kamera dieser Person wurde nicht ausgeschaltet.", "Bitten Sie die einladende Person, es zu tun."],
  4071: ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  4072: ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  4073: ["Das Bild dieser Person ist nicht mehr da.", "Sie müssen nichts tun."],
  4074: ["Bild oder Ton dieser Person ist nicht mehr da.", "Sie müssen nichts tun."],
  4075: ["Bild oder Ton dieser Person ist nicht mehr da.", "Sie müssen nichts tun."],
  4076: [
    "Der anderen Besprechung konnten Sie nicht beitreten.",
    "Öffnen Sie deren Link, um es noch einmal zu versuchen.",
  ],
  4085: [
    "Was in der Besprechung geteilt wird, kann nicht verfolgt werden.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4086: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4087: [
    "Ihre Nachricht wurde nicht gesendet.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4088: [
    "Die Nachrichten dieser Besprechung können nicht angezeigt werden.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4089: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4101: [
    "Sie wurden nicht hereingelassen.",
    "Fragen Sie die einladende Person, ob dies die richtige Besprechung ist, und versuchen Sie es noch einmal.",
  ],
  "4101.LOCKED": [
    "Diese Besprechung ist gesperrt: Niemand Neues kann beitreten.",
    "Bitten Sie die einladende Person, die Sperre aufzuheben, und versuchen Sie es noch einmal.",
  ],
  4102: [
    "Niemand hat Sie hereingelassen.",
    "Sagen Sie der einladenden Person, dass Sie warten, und bitten Sie noch einmal um Einlass.",
  ],
  4103: [
    "Sie wurden aus der Besprechung entfernt.",
    "Wenn Sie meinen, dass das ein Irrtum war, sagen Sie es der einladenden Person.",
  ],
  4104: ["Die Besprechung ist beendet.", "Sie können diese Seite schließen."],
  4105: ["Sie dürfen das nicht tun.", "Bitten Sie die einladende Person, es zu tun."],
  4106: ["Es wurde in kurzer Zeit zu viel gesendet.", "Warten Sie eine Minute, und versuchen Sie es noch einmal."],
  4107: [
    "Die Seite hat etwas verlangt, das hier nicht möglich ist.",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal. Wenn es wieder geschieht, senden Sie die " +
      "Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  4108: [
    "Das ist nicht mehr da.",
    "Laden Sie die Seite neu. Wenn es da sein sollte, sagen Sie es den Betreibern dieses Dienstes.",
  ],
  4109: ["Das geht zurzeit nicht.", "Versuchen Sie es später noch einmal."],
  4110: ["Das wird hier nicht angeboten.", "Nutzen Sie die Besprechung ohne diese Funktion."],
  4112: [
    "Das Programm, das in die Besprechung streamt, wurde abgelehnt.",
    "Bitten Sie die Betreiber dieses Dienstes um einen neuen Streamschlüssel.",
  ],
  5001: [
    "Die Aufzeichnung wurde durch ein Problem des Besprechungsdienstes beendet.",
    "Starten Sie noch einmal. Wenn es wieder endet, sagen Sie es den Betreibern dieses Dienstes.",
  ],
  5002: [
    "Der Livestream wurde durch ein Problem des Besprechungsdienstes beendet.",
    "Gehen Sie noch einmal live. Wenn es wieder endet, sagen Sie es den Betreibern dieses Dienstes.",
  ],
  5003: [
    "Die Zuschauerseite wurde durch ein Problem des Besprechungsdienstes beendet.",
    "Starten Sie noch einmal. Wenn es wieder endet, sagen Sie es den Betreibern dieses Dienstes.",
  ],
  5004: [
    "Die Aufzeichnung hat ihre Höchstdauer erreicht und wurde beendet.",
    "Sie müssen nichts tun. Die Aufzeichnung ist vollständig. Um fortzufahren, starten Sie eine neue.",
  ],
  5005: [
    "Der Livestream hat seine Höchstdauer erreicht und wurde beendet.",
    "Um fortzufahren, gehen Sie noch einmal live.",
  ],
  5006: [
    "Die Zuschauerseite hat ihre Höchstdauer erreicht und wurde beendet.",
    "Um fortzufahren, starten Sie sie noch einmal.",
  ],
  5101: [
    "Der Besprechungsdienst hat zurzeit ein Problem.",
    "Versuchen Sie es in einer Minute noch einmal. Wenn es so bleibt, sagen Sie es den Betreibern dieses " +
      "Dienstes.",
  ],
  5102: ["Der Besprechungsdienst wurde angehalten.", "Warten Sie einen Moment, und treten Sie erneut bei."],
  5107: [
    "Der Stream in die Besprechung wurde durch ein Problem des Besprechungsdienstes beendet.",
    "Starten Sie ihn im sendenden Programm noch einmal. Wenn er wieder endet, sagen Sie es den Betreibern " +
      "dieses Dienstes.",
  ],
  "3013.NO_USER_GESTURE": [
    "Der Browser teilt einen Bildschirm nur nach einem Klick.",
    "Klicken Sie noch einmal auf die Schaltfläche, die Ihren Bildschirm teilt.",
  ],
  "3013.NO_SCREEN_SHARE": [
    "Dieser Browser kann keinen Bildschirm teilen.",
    "Öffnen Sie die Besprechung auf einem Computer, in einer aktuellen Version von Chrome, Edge, Firefox oder " +
      "Safari.",
  ],
  "3016.USER_CANCELLED": [
    "Sie haben die Auswahl geschlossen, ohne einen Bildschirm zu wählen.",
    "Um Ihren Bildschirm zu teilen, beginnen Sie noch einmal und wählen Sie einen Bildschirm oder ein Fenster.",
  ],
  "3016.PERMISSION_DENIED": [
    "Ihr Computer lässt den Browser den Bildschirm nicht zeigen.",
    "Erlauben Sie es in den Datenschutzeinstellungen Ihres Computers unter Bildschirmaufnahme, und starten Sie " +
      "den Browser neu.",
  ],
  "3017.PERMISSION_DISMISSED": [
    "Die Frage des Browsers wurde ohne Antwort geschlossen.",
    "Schalten Sie das Gerät wieder ein, und wählen Sie, es zu erlauben.",
  ],
  "3018.PERMISSION_DISMISSED": [
    "Die Frage des Browsers wurde ohne Antwort geschlossen.",
    "Schalten Sie das Gerät wieder ein, und wählen Sie, es zu erlauben.",
  ],
  "3035.IN_LOBBY": [
    "Sie warten noch darauf, hereingelassen zu werden.",
    "Tun Sie das, wenn Sie in der Besprechung sind.",
  ],
  "3035.LEFT": ["Sie haben die Besprechung verlassen.", "Treten Sie erneut bei, um das zu tun."],
  "3068.NOT_RECEIVED": [
    "Bild oder Ton dieser Person ist aus.",
    "Versuchen Sie es wieder, wenn diese Person wieder sendet.",
  ],
  "3068.PAYLOAD_TOO_LARGE": ["Ihre Nachricht ist zu lang.", "Kürzen Sie sie, und senden Sie sie noch einmal."],
  "3073.TOO_LARGE": ["Das ist zu groß, um gesendet zu werden.", "Kürzen Sie es, und versuchen Sie es noch einmal."],
  "3073.TRACK_NOT_LIVE": ["Das Gerät hatte aufgehört, bevor es verwendet wurde.", "Schalten Sie das Gerät wieder ein."],
  "3074.TOO_LARGE": ["Die Datei ist zu groß.", "Wählen Sie eine kleinere Datei."],
  "3074.MEETING_FULL": [
    "Für eine weitere Datei dieser Größe ist in der Besprechung kein Platz.",
    "Wählen Sie eine kleinere Datei, oder senden Sie sie auf einem anderen Weg.",
  ],
  "3074.NO_ANSWER": [
    "Die Datei wurde nicht gesendet, weil die Verbindung unterbrochen war.",
    "Prüfen Sie Ihre Internetverbindung, und senden Sie sie noch einmal.",
  ],
  "3075.NOT_FOUND": [
    "Diese Datei ist nicht mehr da.",
    "Bitten Sie die Person, die sie gesendet hat, sie noch einmal zu senden.",
  ],
  "3075.EXPIRED": [
    "Diese Datei wurde nur eine begrenzte Zeit aufbewahrt, und die ist vorbei.",
    "Bitten Sie die Person, die sie gesendet hat, sie noch einmal zu senden.",
  ],
  "3075.NO_ANSWER": [
    "Die Datei wurde nicht gesendet, weil die Verbindung unterbrochen war.",
    "Prüfen Sie Ihre Internetverbindung, und senden Sie sie noch einmal.",
  ],
  "3101.UDP_BLOCKED": [
    "Ihr Netz sperrt Ton und Bild.",
    "Verwenden Sie ein anderes Netz, etwa das Ihres Telefons, oder bitten Sie die Person, die für dieses Netz " +
      "zuständig ist, Videoanrufe zu erlauben.",
  ],
  "3101.SERVER_PRIVATE_ADDRESS": [
    "Ton und Bild können diese Besprechung aus Ihrem Netz nicht erreichen.",
    "Sagen Sie es den Betreibern dieses Dienstes. Wenn die Besprechung zu einem Firmennetz gehört, verbinden " +
      "Sie sich mit diesem Netz und treten Sie erneut bei.",
  ],
  "3101.MEDIA_NOT_ARRIVING": [
    "Ihr Ton oder Ihr Bild erreicht die anderen zurzeit nicht.",
    "Prüfen Sie Ihre Internetverbindung. Wenn es so bleibt, verlassen Sie die Besprechung und treten Sie " +
      "erneut bei.",
  ],
  "3101.PATH_LOST": [
    "Die Verbindung für Ton und Bild ist abgebrochen.",
    "Prüfen Sie Ihre Internetverbindung. Die Seite versucht weiter, die Verbindung wiederherzustellen.",
  ],
  "3102.BAD_URL": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.GATEWAY_DOWN": [
    "Der Besprechungsdienst ist zurzeit nicht verfügbar.",
    "Warten Sie ein paar Minuten, und versuchen Sie es noch einmal.",
  ],
  "3102.REDIRECTED": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.FORBIDDEN": [
    "Etwas vor dem Besprechungsdienst versperrt den Weg zu ihm.",
    "Wenn Ihre Firma eine Anmeldung für ihr Netz hat, melden Sie sich an und versuchen Sie es noch einmal. " +
      "Sonst senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.WRONG_PATH": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.PREFIX_KEPT": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.NOT_KLATCH": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.UPGRADE_STRIPPED": [
    "Etwas zwischen Ihnen und dem Besprechungsdienst sperrt die Verbindung.",
    "Probieren Sie ein anderes Netz, etwa das Ihres Telefons. Wenn das nicht hilft, senden Sie die Angaben für " +
      "den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.ORIGIN_REFUSED": [
    "Diese Seite darf sich nicht mit der Besprechung verbinden.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.ANSWER_HIDDEN": [
    "Diese Seite ist nicht richtig eingerichtet und kann die Besprechung deshalb nicht erreichen.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.CSP_BLOCKED": [
    "Diese Seite darf sich nicht mit der Besprechung verbinden.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3102.MIXED_CONTENT": [
    "Der Browser sperrt die Verbindung, weil der Besprechungsdienst nicht sicher ist.",
    "Senden Sie die Angaben für den Support an die Betreiber dieses Dienstes.",
  ],
  "3103.WINDOW_PASSED": [
    "Sie waren zu lange weg und haben deshalb Ihren Platz in der Besprechung verloren.",
    "Prüfen Sie Ihre Internetverbindung, und treten Sie erneut bei.",
  ],
  "3103.SECRET_REUSED": [
    "Ihr Platz in der Besprechung wurde an zwei Stellen zugleich verwendet.",
    "Schließen Sie andere Tabs, die diese Besprechung zeigen, und treten Sie erneut bei.",
  ],
  "3103.EVENTS_LOST": ["Während Sie weg waren, ist in der Besprechung zu viel geschehen.", "Treten Sie erneut bei."],
  "3103.GAVE_UP": [
    "Die Verbindung war zu lange unterbrochen.",
    "Prüfen Sie Ihre Internetverbindung, und treten Sie erneut bei.",
  ],
  "3104.INSECURE_CONTEXT": [
    "Der Browser sperrt Kamera, Mikrofon und Bildschirm, weil diese Seite nicht sicher ist.",
    "Bitten Sie die einladende Person um einen sicheren Link.",
  ],
  "3104.NO_WEBRTC": [
    "Mit diesem Browser können Sie nicht an Videobesprechungen teilnehmen.",
    "Öffnen Sie den Link in einer aktuellen Version von Chrome, Edge, Firefox oder Safari.",
  ],
  "3104.SCRIPT_NOT_LOADED": [
    "Ein Teil dieser Seite konnte nicht geladen werden.",
    "Prüfen Sie, ob Sie online sind, und laden Sie die Seite noch einmal.",
  ],
  "3104.NO_SOUND_HEARD": [
    "Sie haben den Ton nicht gehört.",
    "Stellen Sie lauter, und wählen Sie in den Toneinstellungen Ihres Computers oder Telefons den Lautsprecher " +
      "oder das Headset, das Sie verwenden. Spielen Sie den Ton dann noch einmal ab.",
  ],
  "3104.NO_STATS": [
    "Die Qualität Ihrer Verbindung lässt sich in diesem Browser nicht messen.",
    "Sie müssen nichts tun. Die Besprechung geht weiter.",
  ],
  "3104.CODEC_NOT_RECEIVED": [
    "Ihr Browser kann Ton oder Bild einer Person nicht abspielen.",
    "Öffnen Sie den Link in einer aktuellen Version von Chrome, Edge, Firefox oder Safari.",
  ],
  "3106.SPEAKING_WHILE_MUTED": [
    "Sie sind stumm geschaltet, deshalb hört Sie niemand.",
    "Schalten Sie Ihr Mikrofon ein, um zu sprechen.",
  ],
  "3106.UPLINK_LIMITED": [
    "Ihre Internetverbindung ist langsam, deshalb sehen andere Sie weniger scharf.",
    "Gehen Sie näher an Ihren Router oder verwenden Sie ein Kabel, und beenden Sie andere Uploads. Wenn Sie " +
      "die Kamera ausschalten, hilft das dem Ton.",
  ],
  "3106.CPU_LIMITED": [
    "Ihr Gerät ist ausgelastet, deshalb sehen andere Sie weniger scharf.",
    "Schließen Sie andere Programme und Tabs, und schließen Sie das Ladegerät an.",
  ],
  "3106.AUTOPLAY_BLOCKED": [
    "Der Browser spielt noch keinen Ton ab.",
    "Klicken Sie irgendwo auf diese Seite, um die anderen zu hören.",
  ],
  "3106.DEVICE_CHANGED": [
    "Ihr Gerät hat ein anderes Mikrofon gewählt, seit Sie beigetreten sind.",
    "Um es auch hier zu verwenden, wählen Sie es in den Einstellungen der Besprechung.",
  ],
  "3106.TAB_SUSPENDED": [
    "Ihr Gerät hat diese Seite angehalten, deshalb war der Anruf unterbrochen.",
    "Lassen Sie diese Seite im Vordergrund und das Gerät während des Anrufs wach.",
  ],
  "3106.CLOCK_WRONG": [
    "Die Uhr Ihres Geräts geht falsch.",
    "Lassen Sie Datum und Uhrzeit automatisch einstellen, damit Links weiter funktionieren.",
  ],
  "4001.KEY_REVOKED": ["Dieser Link funktioniert nicht mehr.", "Bitten Sie die einladende Person um einen neuen Link."],
  "4002.EXPIRED": ["Dieser Link ist abgelaufen.", "Bitten Sie die einladende Person um einen neuen Link."],
  "4002.NOT_YET_VALID": [
    "Dieser Link ist noch nicht gültig.",
    "Versuchen Sie es später noch einmal, oder bitten Sie die einladende Person um einen neuen Link.",
  ],
  "4003.NOT_FOUND": [
    "Diese Besprechung gibt es nicht.",
    "Fragen Sie die einladende Person, ob sie verlegt wurde, und bitten Sie um einen neuen Link.",
  ],
  "4004.LOOKS_ALIKE": [
    "Dieser Link ist leicht mit dem einer Person zu verwechseln, die in der Besprechung ist.",
    "Bitten Sie die einladende Person um einen neuen Link.",
  ],
  "4011.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4011.ALREADY_RUNNING": [
    "In dieser Besprechung läuft das bereits.",
    "Sie müssen nichts tun. Um etwas zu ändern, beenden Sie, was läuft, und starten Sie noch einmal.",
  ],
  "4011.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4013.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4013.ALREADY_RUNNING": [
    "In dieser Besprechung läuft das bereits.",
    "Sie müssen nichts tun. Um etwas zu ändern, beenden Sie, was läuft, und starten Sie noch einmal.",
  ],
  "4013.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4013.DNS": [
    "Ziel {output} des Livestreams ist nicht erreichbar.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst, und prüfen Sie, ob der Dienst funktioniert.",
  ],
  "4013.REFUSED": [
    "Ziel {output} des Livestreams ist nicht erreichbar.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst, und prüfen Sie, ob der Dienst funktioniert.",
  ],
  "4013.UNREACHABLE": [
    "Ziel {output} des Livestreams ist nicht erreichbar.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst, und prüfen Sie, ob der Dienst funktioniert.",
  ],
  "4013.CONNECT_TIMEOUT": [
    "Ziel {output} des Livestreams ist nicht erreichbar.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst, und prüfen Sie, ob der Dienst funktioniert.",
  ],
  "4013.TLS": [
    "Ziel {output} des Livestreams nimmt unter dieser Adresse keine Streams an.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst.",
  ],
  "4013.SCHEME_MISMATCH": [
    "Ziel {output} des Livestreams nimmt unter dieser Adresse keine Streams an.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst.",
  ],
  "4013.HANDSHAKE_TIMEOUT": [
    "Ziel {output} des Livestreams ist nicht erreichbar.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst, und prüfen Sie, ob der Dienst funktioniert.",
  ],
  "4013.NOT_RTMP": [
    "Ziel {output} des Livestreams nimmt unter dieser Adresse keine Streams an.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst.",
  ],
  "4013.REDIRECT": [
    "Ziel {output} des Livestreams nimmt unter dieser Adresse keine Streams an.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst.",
  ],
  "4013.AUTH_REQUIRED": [
    "Ziel {output} des Livestreams verlangt Benutzernamen und Passwort.",
    "Kopieren Sie die Adresse mit Benutzernamen und Passwort vom Streamingdienst.",
  ],
  "4013.AUTH_FAILED": [
    "Ziel {output} des Livestreams verlangt Benutzernamen und Passwort.",
    "Kopieren Sie die Adresse mit Benutzernamen und Passwort vom Streamingdienst.",
  ],
  "4013.CONNECT_REJECTED": [
    "Ziel {output} des Livestreams nimmt unter dieser Adresse keine Streams an.",
    "Kopieren Sie die Adresse erneut vom Streamingdienst.",
  ],
  "4013.PUBLISH_REJECTED": [
    "Ziel {output} des Livestreams nimmt den Streamschlüssel nicht an.",
    "Kopieren Sie den Streamschlüssel erneut vom Streamingdienst, und prüfen Sie, ob niemand anderes damit " +
      "streamt.",
  ],
  "4015.EMPTY": ["Der Livestream hat kein Ziel.", "Geben Sie Adresse und Streamschlüssel mindestens eines Ziels ein."],
  "4015.TOO_MANY": ["Der Livestream hat zu viele Ziele.", "Entfernen Sie einige davon."],
  "4015.BAD_URL": [
    "Die Adresse von Ziel {output} ist nicht verwendbar.",
    "Kopieren Sie diese Angabe erneut vom Streamingdienst.",
  ],
  "4015.SCHEME": [
    "Die Adresse von Ziel {output} ist nicht verwendbar.",
    "Kopieren Sie diese Angabe erneut vom Streamingdienst.",
  ],
  "4015.PRIVATE_ADDRESS": [
    "Die Adresse von Ziel {output} ist nicht verwendbar.",
    "Kopieren Sie diese Angabe erneut vom Streamingdienst.",
  ],
  "4015.BAD_KEY": [
    "Der Streamschlüssel von Ziel {output} ist nicht verwendbar.",
    "Kopieren Sie diese Angabe erneut vom Streamingdienst.",
  ],
  "4015.DUPLICATE": ["Ziel {output} ist doppelt vorhanden.", "Entfernen Sie es."],
  "4016.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4016.ALREADY_RUNNING": [
    "In dieser Besprechung läuft das bereits.",
    "Sie müssen nichts tun. Um etwas zu ändern, beenden Sie, was läuft, und starten Sie noch einmal.",
  ],
  "4016.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4023.NOT_LISTED": [
    "Sie stehen nicht auf der Liste der Personen, die an dieser Besprechung teilnehmen dürfen.",
    "Bitten Sie die einladende Person, Sie aufzunehmen.",
  ],
  "4035.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4035.ALREADY_RUNNING": [
    "In dieser Besprechung läuft das bereits.",
    "Sie müssen nichts tun. Um etwas zu ändern, beenden Sie, was läuft, und starten Sie noch einmal.",
  ],
  "4035.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4035.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht in der Besprechung.", "Sie müssen nichts tun."],
  "4037.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4037.ALREADY_RUNNING": [
    "In dieser Besprechung läuft das bereits.",
    "Sie müssen nichts tun. Um etwas zu ändern, beenden Sie, was läuft, und starten Sie noch einmal.",
  ],
  "4037.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4037.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht in der Besprechung.", "Sie müssen nichts tun."],
  "4039.STORAGE_FULL": [
    "Wo Aufzeichnungen und Streams aufbewahrt werden, ist kein Platz mehr.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "4039.NO_SESSION": [
    "Niemand ist in der Besprechung, deshalb gibt es nichts zu zeigen.",
    "Starten Sie noch einmal, wenn jemand da ist.",
  ],
  "4039.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht in der Besprechung.", "Sie müssen nichts tun."],
  "4039.WATERMARK_IMAGE": [
    "Die Aufzeichnung ist nicht gestartet: Das Bild, das darin erscheinen soll, kann nicht verwendet werden.",
    "Sagen Sie es den Betreibern dieses Dienstes.",
  ],
  "4059.NOT_PERMITTED": ["Sie dürfen niemanden hereinlassen.", "Bitten Sie die einladende Person, es zu tun."],
  "4059.NO_SUCH_REQUEST": ["Diese Person wartet nicht mehr.", "Sie müssen nichts tun."],
  "4059.ALREADY_ANSWERED": ["Jemand anderes hat dieser Person schon geantwortet.", "Sie müssen nichts tun."],
  "4066.NOT_PERMITTED": ["Sie dürfen das nicht tun.", "Bitten Sie die einladende Person, es zu tun."],
  "4066.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  "4068.NOT_PERMITTED": ["Sie dürfen das nicht tun.", "Bitten Sie die einladende Person, es zu tun."],
  "4068.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  "4070.NOT_PERMITTED": ["Sie dürfen das nicht tun.", "Bitten Sie die einladende Person, es zu tun."],
  "4070.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  "4087.TOO_LARGE": ["Ihre Nachricht ist zu lang.", "Kürzen Sie sie, und senden Sie sie noch einmal."],
  "4087.HISTORY_FULL": [
    "Der Chat dieser Besprechung ist voll.",
    "Weitere Nachrichten können nicht aufbewahrt werden. Sagen Sie es der einladenden Person; eine neue " +
      "Besprechung hat einen leeren Chat.",
  ],
  "4102.NOBODY_THERE": [
    "Niemand, der Sie hereinlassen könnte, war in der Besprechung.",
    "Sagen Sie der einladenden Person, dass Sie warten, und bitten Sie noch einmal um Einlass.",
  ],
  "4104.AUTO_CLOSED": [
    "Die Besprechung hat ihre Höchstdauer erreicht und ist beendet.",
    "Um fortzufahren, bitten Sie die einladende Person um eine neue Besprechung.",
  ],
  "4104.ON_FAILURE": [
    "Die Besprechung ist beendet, weil ihre Aufzeichnung oder ihr Stream gescheitert ist.",
    "Fragen Sie die einladende Person, ob es in einer neuen Besprechung weitergeht.",
  ],
  "4105.AUDIO_RESTRICTED": [
    "Zurzeit können nur Gastgeber ein Mikrofon einschalten.",
    "Warten Sie, bis es erlaubt wird, oder fragen Sie die Gastgeber.",
  ],
  "4105.VIDEO_RESTRICTED": [
    "Zurzeit können nur Gastgeber eine Kamera einschalten.",
    "Warten Sie, bis es erlaubt wird, oder fragen Sie die Gastgeber.",
  ],
  "4105.SHARE_RESTRICTED": [
    "Zurzeit können nur Gastgeber einen Bildschirm teilen.",
    "Warten Sie, bis es erlaubt wird, oder fragen Sie die Gastgeber.",
  ],
  "4105.CHAT_RESTRICTED": [
    "Zurzeit können nur Gastgeber im Chat schreiben.",
    "Warten Sie, bis es erlaubt wird, oder fragen Sie die Gastgeber.",
  ],
  "4105.LINK": [
    "Dieser Link zu der Datei ist abgelaufen, oder er ist unvollständig.",
    "Bitten Sie die einladende Person um einen neuen Link.",
  ],
  "4105.HLS_LINK": [
    "Dieser Link ist abgelaufen, oder er ist unvollständig.",
    "Bitten Sie die einladende Person um einen neuen Link.",
  ],
  "4106.BITRATE": [
    "Sie senden mehr Ton und Bild, als diese Besprechung erlaubt, deshalb geht ein Teil verloren.",
    "Teilen Sie Ihren Bildschirm nicht mehr, oder schalten Sie Ihre Kamera aus und wieder ein.",
  ],
  "4106.SLOW_READER": [
    "Ihre Verbindung war für diese Besprechung zu langsam.",
    "Verwenden Sie ein schnelleres Netz, und treten Sie erneut bei.",
  ],
  "4106.MEETING_MESSAGE_BYTES": [
    "Die Personen in dieser Besprechung haben in kurzer Zeit zu viel geschrieben.",
    "Warten Sie eine Minute, und senden Sie Ihre Nachricht noch einmal.",
  ],
  "4106.ADDRESS_SOCKETS": [
    "Zu viele Personen aus Ihrem Netz treten gleichzeitig bei.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "4106.SERVER_SOCKETS": [
    "Zu viele Personen treten gleichzeitig bei.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "4106.ADDRESS_JOINS": [
    "Zu viele Personen aus Ihrem Netz treten gleichzeitig bei.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "4106.FAILED_TOKENS": [
    "Aus Ihrem Netz wurden zu viele Links geöffnet, die nicht funktionieren.",
    "Warten Sie ein paar Minuten, und bitten Sie die einladende Person um einen neuen Link.",
  ],
  "4106.FAILED_RESUMES": [
    "Aus Ihrem Netz wurde zu oft versucht, in eine Besprechung zurückzukehren.",
    "Warten Sie ein paar Minuten, und treten Sie erneut bei.",
  ],
  "4106.DATA_SLOW_RECEIVER": [
    "Ihre Verbindung ist zu langsam für alles, was die anderen senden, deshalb entgeht Ihnen ein Teil davon.",
    "Verwenden Sie ein schnelleres Netz.",
  ],
  "4107.NO_SUCH_PARTICIPANT": ["Diese Person ist nicht mehr in der Besprechung.", "Sie müssen nichts tun."],
  "5001.MEDIA_LOST": [
    "In dem, was aufgezeichnet oder gestreamt wird, fehlt ein Teil der Besprechung.",
    "Sie müssen nichts tun. Er ist wieder zu sehen, sobald er ankommt.",
  ],
  "5001.STORAGE_FULL": [
    "Die Aufzeichnung oder der Stream wurde beendet, weil kein Platz mehr da ist. Was bis dahin gespeichert " +
      "wurde, kann abgespielt werden.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "5001.NODE_LOST": [
    "Der Rechner, der die Aufzeichnung oder den Stream gemacht hat, ist ausgefallen. Was bis dahin gespeichert " +
      "wurde, bleibt erhalten.",
    "Starten Sie noch einmal.",
  ],
  "5001.UPLOAD_FAILED": [
    "Eine Datei der Aufzeichnung oder des Streams konnte noch nicht an ihren Aufbewahrungsort gebracht werden.",
    "Sie müssen nichts tun. Die Datei ist sicher, und der Dienst versucht es weiter.",
  ],
  "5001.FILE_LOST": [
    "Eine Datei der Aufzeichnung oder des Streams ging verloren, bevor sie an ihren Aufbewahrungsort gebracht " +
      "wurde.",
    "Sagen Sie es den Betreibern dieses Dienstes.",
  ],
  "5002.MEDIA_LOST": [
    "In dem, was aufgezeichnet oder gestreamt wird, fehlt ein Teil der Besprechung.",
    "Sie müssen nichts tun. Er ist wieder zu sehen, sobald er ankommt.",
  ],
  "5002.NODE_LOST": [
    "Der Rechner, der die Aufzeichnung oder den Stream gemacht hat, ist ausgefallen. Was bis dahin gespeichert " +
      "wurde, bleibt erhalten.",
    "Starten Sie noch einmal.",
  ],
  "5002.OUTPUT_RETRYING": [
    "Ziel {output} des Livestreams ist zurzeit nicht verbunden.",
    "Sie müssen nichts tun. Der Dienst versucht, die Verbindung wiederherzustellen.",
  ],
  "5002.OUTPUT_LOST": [
    "Ziel {output} des Livestreams ging verloren.",
    "Sehen Sie beim Streamingdienst nach, und gehen Sie noch einmal live.",
  ],
  "5002.UPLOAD_FAILED": [
    "Eine Datei der Aufzeichnung oder des Streams konnte noch nicht an ihren Aufbewahrungsort gebracht werden.",
    "Sie müssen nichts tun. Die Datei ist sicher, und der Dienst versucht es weiter.",
  ],
  "5002.FILE_LOST": [
    "Eine Datei der Aufzeichnung oder des Streams ging verloren, bevor sie an ihren Aufbewahrungsort gebracht " +
      "wurde.",
    "Sagen Sie es den Betreibern dieses Dienstes.",
  ],
  "5003.MEDIA_LOST": [
    "In dem, was aufgezeichnet oder gestreamt wird, fehlt ein Teil der Besprechung.",
    "Sie müssen nichts tun. Er ist wieder zu sehen, sobald er ankommt.",
  ],
  "5003.STORAGE_FULL": [
    "Die Aufzeichnung oder der Stream wurde beendet, weil kein Platz mehr da ist. Was bis dahin gespeichert " +
      "wurde, kann abgespielt werden.",
    "Bitten Sie die Betreiber dieses Dienstes, Platz zu schaffen, und starten Sie noch einmal.",
  ],
  "5003.NODE_LOST": [
    "Der Rechner, der die Aufzeichnung oder den Stream gemacht hat, ist ausgefallen. Was bis dahin gespeichert " +
      "wurde, bleibt erhalten.",
    "Starten Sie noch einmal.",
  ],
  "5003.FILE_LOST": [
    "Eine Datei der Aufzeichnung oder des Streams ging verloren, bevor sie an ihren Aufbewahrungsort gebracht " +
      "wurde.",
    "Sagen Sie es den Betreibern dieses Dienstes.",
  ],
  "5101.NODE_LOST": [
    "Ein Teil des Besprechungsdienstes ist ausgefallen. Ein anderer übernimmt.",
    "Sie müssen nichts tun. In wenigen Sekunden sind Sie wieder verbunden.",
  ],
  "5101.NODE_LATE": ["Ein Teil des Besprechungsdienstes antwortet langsam.", "Versuchen Sie es noch einmal."],
  "5101.OVERLOADED": [
    "Der Besprechungsdienst ist zurzeit voll.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "5101.NODE_OVERLOADED": [
    "Der Besprechungsdienst ist zurzeit voll.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "5101.DRAINING": [
    "Der Besprechungsdienst wird gleich neu gestartet.",
    "Warten Sie eine Minute, und versuchen Sie es noch einmal.",
  ],
  "5102.MOVING": [
    "Die Besprechung zieht auf einen anderen Rechner um.",
    "Warten Sie einen Moment; es geht von selbst weiter.",
  ],
};
