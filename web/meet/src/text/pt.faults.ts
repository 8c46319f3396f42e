import type { FaultTexts } from "@klatch/ui";

/** What somebody in a call reads of a fault: what happened and what to do, by code, and by code and reason. */
export const faults: FaultTexts = {
  "3011": [
    "Sua câmera está desligada porque nenhuma imagem chega dela.",
    "Verifique se a tampa está aberta e se nenhum outro programa a usa. Depois ligue-a de novo ou escolha outra câmera nas configurações.",
  ],
  "3011.BACKGROUND_FAILED": [
    "Sua câmera está desligada, porque não foi possível mudar o fundo.",
    "Mostre-se sem outro fundo, ou ligue a câmera para tentar de novo.",
  ],
  "3012": [
    "Seu microfone está desligado porque nenhum som chega dele.",
    "Verifique se ele está conectado, ligado e não é usado por outro programa. Depois ligue-o de novo ou escolha outro microfone nas configurações.",
  ],
  "3013": [
    "Sua tela não está compartilhada.",
    "Compartilhe de novo. Se não funcionar, escolha uma janela em vez da tela inteira.",
  ],
  "3013.NO_USER_GESTURE": [
    "O navegador só compartilha uma tela depois de um clique.",
    "Clique mais uma vez no botão que compartilha sua tela.",
  ],
  "3013.NO_SCREEN_SHARE": [
    "Este navegador não consegue compartilhar uma tela.",
    "Abra a reunião em um computador, com uma versão atual do Chrome, Edge, Firefox ou Safari.",
  ],
  "3014": [
    "Esta página não tem permissão para usar sua câmera.",
    "Abra o link da reunião em uma aba própria do navegador. Se não ajudar, avise as pessoas que administram este serviço.",
  ],
  "3015": [
    "Esta página não tem permissão para usar seu microfone.",
    "Abra o link da reunião em uma aba própria do navegador. Se não ajudar, avise as pessoas que administram este serviço.",
  ],
  "3016": [
    "Esta página não tem permissão para compartilhar sua tela.",
    "Abra o link da reunião em uma aba própria do navegador. Se não ajudar, avise as pessoas que administram este serviço.",
  ],
  "3016.USER_CANCELLED": [
    "Você fechou a seleção sem escolher uma tela.",
    "Para compartilhar sua tela, comece de novo e escolha uma tela ou janela.",
  ],
  "3016.PERMISSION_DENIED": [
    "Seu computador não permite que o navegador mostre a tela.",
    "Permita isso nas configurações de privacidade do computador, em gravação de tela, e reinicie o navegador.",
  ],
  "3017": [
    "O navegador não permite que esta página use sua câmera.",
    "Clique no símbolo ao lado do endereço desta página, permita a câmera e ligue-a de novo.",
  ],
  "3017.PERMISSION_DISMISSED": [
    "A pergunta do navegador foi fechada sem resposta.",
    "Ligue o dispositivo de novo e escolha permitir.",
  ],
  "3018": [
    "O navegador não permite que esta página use seu microfone.",
    "Clique no símbolo ao lado do endereço desta página, permita o microfone e ligue-o de novo.",
  ],
  "3018.PERMISSION_DISMISSED": [
    "A pergunta do navegador foi fechada sem resposta.",
    "Ligue o dispositivo de novo e escolha permitir.",
  ],
  "3019": [
    "Seu dispositivo não permite que o navegador use a câmera.",
    "Permita isso nas configurações de privacidade do computador ou telefone e reinicie o navegador.",
  ],
  "3020": [
    "Seu dispositivo não permite que o navegador use o microfone.",
    "Permita isso nas configurações de privacidade do computador ou telefone e reinicie o navegador.",
  ],
  "3021": ["Nenhuma câmera foi encontrada.", "Conecte uma e ligue-a de novo. Você pode participar sem câmera."],
  "3022": [
    "Nenhum microfone foi encontrado.",
    "Conecte um e ligue-o de novo. Sem microfone você pode ouvir e escrever no chat.",
  ],
  "3023": [
    "Outro programa está usando sua câmera.",
    "Feche esse programa ou encerre a chamada dele e ligue a câmera de novo.",
  ],
  "3024": [
    "Outro programa está usando seu microfone.",
    "Feche esse programa ou encerre a chamada dele e ligue o microfone de novo.",
  ],
  "3026": [
    "Sua câmera não iniciou.",
    "Feche outros programas e abas que a usem e ligue-a de novo. Se ainda falhar, desconecte-a e conecte-a de novo.",
  ],
  "3027": [
    "Sua câmera parou e agora está desligada.",
    "Conecte-a de novo ou escolha outra câmera nas configurações, e ligue-a.",
  ],
  "3028": [
    "Seu microfone parou e agora está desligado.",
    "Conecte-o de novo ou escolha outro microfone nas configurações, e ligue-o.",
  ],
  "3029": ["Não foi possível usar a câmera.", "Ligue de novo."],
  "3030": ["Não foi possível usar o microfone.", "Ligue de novo."],
  "3031": ["A câmera tinha parado antes de ser usada.", "Ligue de novo."],
  "3032": ["O microfone tinha parado antes de ser usado.", "Ligue de novo."],
  "3033": ["O navegador bloqueia a câmera porque esta página não é segura.", "Peça um link seguro ao organizador."],
  "3034": ["O navegador bloqueia o microfone porque esta página não é segura.", "Peça um link seguro ao organizador."],
  "3035": ["Isso só funciona dentro da reunião.", "Entre primeiro na reunião."],
  "3035.IN_LOBBY": ["Você ainda espera que deixem você entrar.", "Faça isso quando estiver na reunião."],
  "3035.LEFT": ["Você saiu da reunião.", "Entre de novo para fazer isso."],
  "3044": [
    "Não foi possível estabelecer a conexão para som e vídeo.",
    "Recarregue a página. Se não ajudar, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3045": [
    "Este navegador envia seu vídeo de forma mais simples do que a reunião pediu.",
    "Você não precisa fazer nada. Os outros veem você; com outro navegador a imagem pode ser melhor.",
  ],
  "3046": [
    "Este navegador envia seu vídeo em um único tamanho.",
    "Você não precisa fazer nada. Os outros veem você; com outro navegador a imagem pode ser mais fluida.",
  ],
  "3048": ["A conexão ainda não está pronta.", "Espere um momento e tente de novo."],
  "3049": [
    "Sua câmera funciona, mas os outros não conseguem ver você.",
    "Desligue a câmera e ligue-a de novo. Se não ajudar, entre de novo.",
  ],
  "3051": ["A câmera que você escolheu não está disponível.", "Escolha outra opção nas configurações."],
  "3054": ["Já está assim.", "Você não precisa fazer nada."],
  "3055": ["Isso ainda está sendo feito.", "Espere até terminar."],
  "3056": ["Isso foi interrompido antes de terminar.", "Tente de novo."],
  "3057": [
    "Não foi possível encerrar a reunião para todos.",
    "Tente de novo. Se você não tem permissão para encerrá-la, apenas saia da reunião.",
  ],
  "3058": [
    "Seu microfone funciona, mas os outros não conseguem ouvir você.",
    "Desligue o microfone e ligue-o de novo. Se não ajudar, entre de novo.",
  ],
  "3059": ["O microfone que você escolheu não está disponível.", "Escolha outra opção nas configurações."],
  "3061": ["Os outros não conseguem ver sua tela.", "Pare de compartilhar e compartilhe sua tela de novo."],
  "3062": ["A câmera desta pessoa está desligada.", "Tente de novo quando estiver ligada."],
  "3063": [
    "Não foi possível mudar a qualidade da sua câmera.",
    "Você não precisa fazer nada. Sua câmera continua como antes.",
  ],
  "3065": ["Isso não foi feito porque a conexão foi interrompida.", "Tente de novo quando houver conexão."],
  "3066": [
    "Você participa desta reunião de um modo que não permite isso.",
    "Peça ao organizador que deixe você participar por completo.",
  ],
  "3067": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3068": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3068.NOT_RECEIVED": ["A imagem ou o som desta pessoa está desligado.", "Tente de novo quando estiver ligada."],
  "3068.PAYLOAD_TOO_LARGE": ["Sua mensagem é longa demais.", "Encurte-a e envie de novo."],
  "3069": ["Não foi possível capturar uma imagem desta câmera.", "Tente de novo."],
  "3070": ["Sua mensagem não foi enviada.", "Espere um momento e envie de novo."],
  "3071": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3072": ["Isso é grande demais para ser guardado.", "Encurte e tente de novo."],
  "3073": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3073.TOO_LARGE": ["Isso é grande demais para ser enviado.", "Encurte e tente de novo."],
  "3073.TRACK_NOT_LIVE": ["O dispositivo tinha parado antes de ser usado.", "Ligue de novo."],
  "3074": ["O arquivo não foi enviado.", "Tente de novo. Se falhar outra vez, envie de outra forma."],
  "3074.TOO_LARGE": ["O arquivo é grande demais.", "Escolha um arquivo menor."],
  "3074.MEETING_FULL": [
    "Não há espaço na reunião para outro arquivo deste tamanho.",
    "Escolha um arquivo menor ou envie de outra forma.",
  ],
  "3074.NO_ANSWER": [
    "O arquivo não foi enviado porque a conexão foi interrompida.",
    "Verifique sua conexão com a internet e envie de novo.",
  ],
  "3075": [
    "Não foi possível abrir o arquivo.",
    "Tente de novo. Se falhar outra vez, peça a quem enviou que envie de outra forma.",
  ],
  "3075.NOT_FOUND": ["Este arquivo não está mais aqui.", "Peça a quem enviou que envie de novo."],
  "3075.EXPIRED": [
    "Este arquivo foi guardado por um tempo limitado, que já passou.",
    "Peça a quem enviou que envie de novo.",
  ],
  "3075.NO_ANSWER": [
    "O arquivo não foi enviado porque a conexão foi interrompida.",
    "Verifique sua conexão com a internet e envie de novo.",
  ],
  "3079": ["Nenhuma resposta chegou a tempo.", "Verifique sua conexão com a internet e tente de novo."],
  "3101": [
    "O som e o vídeo não passam.",
    "Desative a VPN se você usa uma, ou tente outra rede, como a do seu telefone. Entrar de novo também pode ajudar.",
  ],
  "3101.UDP_BLOCKED": [
    "Sua rede bloqueia som e vídeo.",
    "Use outra rede, como a do seu telefone, ou peça a quem cuida desta rede que permita chamadas de vídeo.",
  ],
  "3101.SERVER_PRIVATE_ADDRESS": [
    "O som e o vídeo não chegam a esta reunião a partir da sua rede.",
    "Avise as pessoas que administram este serviço. Se a reunião é da rede de uma empresa, conecte-se a essa rede e entre de novo.",
  ],
  "3101.MEDIA_NOT_ARRIVING": [
    "Seu som ou vídeo não chega aos outros no momento.",
    "Verifique sua conexão com a internet. Se continuar assim, saia da reunião e entre de novo.",
  ],
  "3101.PATH_LOST": [
    "A conexão para som e vídeo foi perdida.",
    "Verifique sua conexão com a internet. A página continua tentando se conectar.",
  ],
  "3102": ["Não foi possível chegar à reunião.", "Verifique sua conexão com a internet e tente de novo."],
  "3102.BAD_URL": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.GATEWAY_DOWN": [
    "O serviço de reuniões não está disponível no momento.",
    "Espere alguns minutos e tente de novo.",
  ],
  "3102.REDIRECTED": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.FORBIDDEN": [
    "Algo na frente do serviço de reuniões bloqueia o caminho.",
    "Se sua empresa exige login na rede, faça login e tente de novo. Caso contrário, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.WRONG_PATH": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.PREFIX_KEPT": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.NOT_KLATCH": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.UPGRADE_STRIPPED": [
    "Algo entre você e o serviço de reuniões bloqueia a conexão.",
    "Tente outra rede, como a do seu telefone. Se não ajudar, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.ORIGIN_REFUSED": [
    "Esta página não tem permissão para se conectar à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.ANSWER_HIDDEN": [
    "Esta página não está configurada corretamente, por isso não chega à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.CSP_BLOCKED": [
    "Esta página não tem permissão para se conectar à reunião.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3102.MIXED_CONTENT": [
    "O navegador bloqueia a conexão porque o serviço de reuniões não é seguro.",
    "Envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "3103": ["Você perdeu seu lugar na reunião.", "Entre de novo."],
  "3103.WINDOW_PASSED": [
    "Você ficou ausente por muito tempo e perdeu seu lugar na reunião.",
    "Verifique sua conexão com a internet e entre de novo.",
  ],
  "3103.SECRET_REUSED": [
    "Seu lugar na reunião foi usado em dois lugares ao mesmo tempo.",
    "Feche outras abas que mostram esta reunião e entre de novo.",
  ],
  "3103.EVENTS_LOST": ["Aconteceu coisa demais na reunião enquanto você esteve fora.", "Entre de novo."],
  "3103.GAVE_UP": ["A conexão ficou perdida por muito tempo.", "Verifique sua conexão com a internet e entre de novo."],
  "3104": [
    "Seu navegador não consegue fazer tudo de que esta reunião precisa.",
    "Abra o link em uma versão atual do Chrome, Edge, Firefox ou Safari.",
  ],
  "3104.INSECURE_CONTEXT": [
    "O navegador bloqueia câmera, microfone e tela porque esta página não é segura.",
    "Peça um link seguro ao organizador.",
  ],
  "3104.NO_WEBRTC": [
    "Este navegador não consegue participar de reuniões de vídeo.",
    "Abra o link em uma versão atual do Chrome, Edge, Firefox ou Safari.",
  ],
  "3104.SCRIPT_NOT_LOADED": [
    "Uma parte desta página não pôde ser carregada.",
    "Verifique se você está online e carregue a página de novo.",
  ],
  "3104.NO_SOUND_HEARD": [
    "Você não ouviu o som de teste.",
    "Aumente o volume e escolha o alto-falante ou fone que você usa nas configurações de som do computador ou telefone. Depois toque o som de novo.",
  ],
  "3104.NO_STATS": [
    "A qualidade da sua conexão não pode ser medida neste navegador.",
    "Você não precisa fazer nada. A reunião continua.",
  ],
  "3104.CODEC_NOT_RECEIVED": [
    "Seu navegador não consegue reproduzir o som ou o vídeo de uma pessoa.",
    "Abra o link em uma versão atual do Chrome, Edge, Firefox ou Safari.",
  ],
  "3105": ["Isso não é oferecido aqui.", "Use a reunião sem isso."],
  "3106": [
    "Algo neste dispositivo atrapalha sua chamada.",
    "Se continuar, feche outros programas ou entre por outro dispositivo.",
  ],
  "3106.SPEAKING_WHILE_MUTED": ["Seu microfone está desligado, ninguém ouve você.", "Ligue seu microfone para falar."],
  "3106.UPLINK_LIMITED": [
    "Sua conexão com a internet é lenta, por isso os outros veem você com menos nitidez.",
    "Chegue mais perto do roteador ou use um cabo e encerre outros envios. Desligar a câmera ajuda o som.",
  ],
  "3106.CPU_LIMITED": [
    "Seu dispositivo está ocupado, por isso os outros veem você com menos nitidez.",
    "Feche outros programas e abas e conecte o carregador.",
  ],
  "3106.AUTOPLAY_BLOCKED": [
    "O navegador ainda não reproduz som.",
    "Clique em qualquer lugar desta página para ouvir os outros.",
  ],
  "3106.DEVICE_CHANGED": [
    "Seu dispositivo escolheu outro microfone desde que você entrou.",
    "Para usá-lo também aqui, escolha-o nas configurações da reunião.",
  ],
  "3106.TAB_SUSPENDED": [
    "Seu dispositivo pausou esta página e a chamada foi interrompida.",
    "Mantenha esta página à frente e o dispositivo ativo durante a chamada.",
  ],
  "3106.CLOCK_WRONG": [
    "O relógio do seu dispositivo está errado.",
    "Ajuste data e hora automaticamente para que os links continuem funcionando.",
  ],
  "4001": ["Este link não funciona.", "Peça um novo link ao organizador."],
  "4001.KEY_REVOKED": ["Este link não funciona mais.", "Peça um novo link ao organizador."],
  "4002": ["Este link não funciona.", "Peça um novo link ao organizador."],
  "4002.EXPIRED": ["Este link expirou.", "Peça um novo link ao organizador."],
  "4002.NOT_YET_VALID": ["Este link ainda não é válido.", "Tente mais tarde ou peça um novo link ao organizador."],
  "4003": [
    "Este link não está completo ou foi alterado.",
    "Abra o link exatamente como recebeu ou peça um novo ao organizador.",
  ],
  "4003.NOT_FOUND": ["Esta reunião não existe.", "Pergunte ao organizador se ela mudou de lugar e peça um novo link."],
  "4004": ["Este link não funciona.", "Peça um novo link ao organizador."],
  "4004.LOOKS_ALIKE": [
    "Este link pode ser confundido com o de alguém que está na reunião.",
    "Peça um novo link ao organizador.",
  ],
  "4005": [
    "Você entrou por outra aba ou outro dispositivo.",
    "Continue por lá. Se entrar de novo aqui, você sairá do outro lugar.",
  ],
  "4006": [
    "O organizador não pode realizar reuniões aqui no momento.",
    "Diga ao organizador que o serviço de reuniões foi desativado.",
  ],
  "4007": [
    "O organizador não pode mais realizar reuniões aqui.",
    "Diga ao organizador que o serviço de reuniões foi desativado.",
  ],
  "4008": ["Este link não deixa você entrar.", "Peça um novo link ao organizador."],
  "4009": ["A reunião está cheia.", "Tente de novo quando alguém sair ou avise o organizador."],
  "4010": ["Mais ninguém pode falar nesta reunião.", "Tente de novo quando alguém sair ou avise o organizador."],
  "4011": [
    "A gravação não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4011.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4011.ALREADY_RUNNING": [
    "Já há uma em andamento nesta reunião.",
    "Você não precisa fazer nada. Para mudar, pare a que está em andamento e comece de novo.",
  ],
  "4011.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4012": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4013": [
    "A transmissão ao vivo não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4013.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4013.ALREADY_RUNNING": [
    "Já há uma em andamento nesta reunião.",
    "Você não precisa fazer nada. Para mudar, pare a que está em andamento e comece de novo.",
  ],
  "4013.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4013.DNS": [
    "Não é possível chegar ao destino {output} da transmissão.",
    "Copie de novo o endereço do serviço de transmissão e verifique se o serviço funciona.",
  ],
  "4013.REFUSED": [
    "Não é possível chegar ao destino {output} da transmissão.",
    "Copie de novo o endereço do serviço de transmissão e verifique se o serviço funciona.",
  ],
  "4013.UNREACHABLE": [
    "Não é possível chegar ao destino {output} da transmissão.",
    "Copie de novo o endereço do serviço de transmissão e verifique se o serviço funciona.",
  ],
  "4013.CONNECT_TIMEOUT": [
    "Não é possível chegar ao destino {output} da transmissão.",
    "Copie de novo o endereço do serviço de transmissão e verifique se o serviço funciona.",
  ],
  "4013.TLS": [
    "O destino {output} da transmissão não aceita transmissões neste endereço.",
    "Copie de novo o endereço do serviço de transmissão.",
  ],
  "4013.SCHEME_MISMATCH": [
    "O destino {output} da transmissão não aceita transmissões neste endereço.",
    "Copie de novo o endereço do serviço de transmissão.",
  ],
  "4013.HANDSHAKE_TIMEOUT": [
    "Não é possível chegar ao destino {output} da transmissão.",
    "Copie de novo o endereço do serviço de transmissão e verifique se o serviço funciona.",
  ],
  "4013.NOT_RTMP": [
    "O destino {output} da transmissão não aceita transmissões neste endereço.",
    "Copie de novo o endereço do serviço de transmissão.",
  ],
  "4013.REDIRECT": [
    "O destino {output} da transmissão não aceita transmissões neste endereço.",
    "Copie de novo o endereço do serviço de transmissão.",
  ],
  "4013.AUTH_REQUIRED": [
    "O destino {output} da transmissão pede nome de usuário e senha.",
    "Copie do serviço de transmissão o endereço com nome de usuário e senha.",
  ],
  "4013.AUTH_FAILED": [
    "O destino {output} da transmissão pede nome de usuário e senha.",
    "Copie do serviço de transmissão o endereço com nome de usuário e senha.",
  ],
  "4013.CONNECT_REJECTED": [
    "O destino {output} da transmissão não aceita transmissões neste endereço.",
    "Copie de novo o endereço do serviço de transmissão.",
  ],
  "4013.PUBLISH_REJECTED": [
    "O destino {output} da transmissão não aceita a chave de transmissão.",
    "Copie de novo a chave do serviço de transmissão e verifique se mais ninguém transmite com ela.",
  ],
  "4014": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4015": [
    "A transmissão ao vivo não iniciou porque seus destinos não podem ser usados.",
    "Copie de novo do serviço de transmissão o endereço e a chave de cada destino.",
  ],
  "4015.EMPTY": ["A transmissão não tem destino.", "Digite o endereço e a chave de transmissão de pelo menos um."],
  "4015.TOO_MANY": ["A transmissão tem destinos demais.", "Remova alguns."],
  "4015.BAD_URL": ["O endereço do destino {output} não pode ser usado.", "Copie-o de novo do serviço de transmissão."],
  "4015.SCHEME": ["O endereço do destino {output} não pode ser usado.", "Copie-o de novo do serviço de transmissão."],
  "4015.PRIVATE_ADDRESS": [
    "O endereço do destino {output} não pode ser usado.",
    "Copie-o de novo do serviço de transmissão.",
  ],
  "4015.BAD_KEY": [
    "A chave de transmissão do destino {output} não pode ser usada.",
    "Copie-o de novo do serviço de transmissão.",
  ],
  "4015.DUPLICATE": ["O destino {output} aparece duas vezes.", "Remova-o."],
  "4016": [
    "A página de exibição não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4016.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4016.ALREADY_RUNNING": [
    "Já há uma em andamento nesta reunião.",
    "Você não precisa fazer nada. Para mudar, pare a que está em andamento e comece de novo.",
  ],
  "4016.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4017": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4018": ["A última gravação ainda está sendo finalizada.", "Espere um momento e comece de novo."],
  "4019": ["A última transmissão ainda está sendo finalizada.", "Espere um momento e comece de novo."],
  "4020": ["A última página de exibição ainda está sendo finalizada.", "Espere um momento e comece de novo."],
  "4021": [
    "Gravações e transmissões estão desativadas aqui.",
    "Peça às pessoas que administram este serviço que as ativem.",
  ],
  "4022": [
    "Este link é de outra reunião.",
    "Abra o link que você recebeu para esta reunião ou peça um novo ao organizador.",
  ],
  "4023": ["Este link é de outra pessoa.", "Abra o link que você mesmo recebeu ou peça um ao organizador."],
  "4023.NOT_LISTED": [
    "Você não está na lista de pessoas que podem entrar nesta reunião.",
    "Peça ao organizador que adicione você.",
  ],
  "4024": ["Este link não deixa você entrar em uma reunião.", "Peça um novo link ao organizador."],
  "4026": ["Mais ninguém pode entrar no momento.", "Tente mais tarde ou avise o organizador."],
  "4027": ["Mais ninguém pode assistir no momento.", "Tente mais tarde ou avise o organizador."],
  "4028": [
    "Não pode haver mais gravações no momento.",
    "Espere até que outra reunião pare a gravação e comece de novo.",
  ],
  "4029": [
    "Não pode haver mais páginas de exibição no momento.",
    "Espere até que outra reunião pare sua página de exibição e comece de novo.",
  ],
  "4030": [
    "Não pode haver mais transmissões ao vivo no momento.",
    "Espere até que outra reunião pare a transmissão e comece de novo.",
  ],
  "4035": [
    "A gravação desta pessoa não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4035.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4035.ALREADY_RUNNING": [
    "Já há uma em andamento nesta reunião.",
    "Você não precisa fazer nada. Para mudar, pare a que está em andamento e comece de novo.",
  ],
  "4035.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4035.NO_SUCH_PARTICIPANT": ["Esta pessoa não está na reunião.", "Você não precisa fazer nada."],
  "4036": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4037": [
    "A gravação desta pessoa não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4037.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4037.ALREADY_RUNNING": [
    "Já há uma em andamento nesta reunião.",
    "Você não precisa fazer nada. Para mudar, pare a que está em andamento e comece de novo.",
  ],
  "4037.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4037.NO_SUCH_PARTICIPANT": ["Esta pessoa não está na reunião.", "Você não precisa fazer nada."],
  "4038": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4039": [
    "A gravação desta pessoa não iniciou.",
    "Tente de novo em um minuto. Se falhar outra vez, avise as pessoas que administram este serviço.",
  ],
  "4039.STORAGE_FULL": [
    "Não há mais espaço onde as gravações e transmissões são guardadas.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "4039.NO_SESSION": [
    "Não há ninguém na reunião, então não há nada para mostrar.",
    "Comece de novo quando houver alguém.",
  ],
  "4039.NO_SUCH_PARTICIPANT": ["Esta pessoa não está na reunião.", "Você não precisa fazer nada."],
  "4039.WATERMARK_IMAGE": [
    "A gravação não foi iniciada: a imagem que deveria aparecer nela não pode ser usada.",
    "Avise as pessoas que administram este serviço.",
  ],
  "4040": ["Não há nada em andamento que possa ser parado.", "Você não precisa fazer nada."],
  "4041": ["Mais ninguém pode entrar no momento.", "Tente mais tarde ou avise o organizador."],
  "4045": [
    "O que foi compartilhado na reunião não pôde ser guardado.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4046": [
    "O que foi compartilhado na reunião não pôde ser lido.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4047": [
    "Este navegador carrega todos os vídeos em tamanho completo.",
    "Você não precisa fazer nada. Outro navegador pode usar menos a sua conexão.",
  ],
  "4048": ["Já está assim.", "Você não precisa fazer nada."],
  "4049": ["Já está assim.", "Você não precisa fazer nada."],
  "4052": ["Esta reunião está fechada.", "Pergunte ao organizador se ela será reaberta."],
  "4053": ["Este link não funciona mais.", "Peça um novo link ao organizador."],
  "4057": ["Já está assim.", "Você não precisa fazer nada."],
  "4058": ["Já está assim.", "Você não precisa fazer nada."],
  "4059": ["A resposta não chegou a esta pessoa.", "Veja a lista de pessoas que esperam."],
  "4059.NOT_PERMITTED": ["Você não tem permissão para deixar pessoas entrarem.", "Peça ao organizador que faça isso."],
  "4059.NO_SUCH_REQUEST": ["Esta pessoa não espera mais.", "Você não precisa fazer nada."],
  "4059.ALREADY_ANSWERED": ["Outra pessoa já respondeu a ela.", "Você não precisa fazer nada."],
  "4065": ["Você ainda espera que deixem você entrar.", "Tente de novo quando estiver na reunião."],
  "4066": ["Esta pessoa não foi removida.", "Peça ao organizador que faça isso."],
  "4066.NOT_PERMITTED": ["Você não tem permissão para fazer isso.", "Peça ao organizador que faça isso."],
  "4066.NO_SUCH_PARTICIPANT": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4067": ["Não é possível pedir a esta pessoa que ligue o microfone.", "Escreva no chat."],
  "4068": ["O microfone desta pessoa não foi desligado.", "Peça ao organizador que faça isso."],
  "4068.NOT_PERMITTED": ["Você não tem permissão para fazer isso.", "Peça ao organizador que faça isso."],
  "4068.NO_SUCH_PARTICIPANT": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4069": ["Não é possível pedir a esta pessoa que ligue a câmera.", "Escreva no chat."],
  "4070": ["A câmera desta pessoa não foi desligada.", "Peça ao organizador que faça isso."],
  "4070.NOT_PERMITTED": ["Você não tem permissão para fazer isso.", "Peça ao organizador que faça isso."],
  "4070.NO_SUCH_PARTICIPANT": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4071": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4072": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4073": ["A imagem desta pessoa não está mais aqui.", "Você não precisa fazer nada."],
  "4074": ["A imagem ou o som desta pessoa não está mais aqui.", "Você não precisa fazer nada."],
  "4075": ["A imagem ou o som desta pessoa não está mais aqui.", "Você não precisa fazer nada."],
  "4076": ["Não foi possível entrar na outra reunião.", "Abra o link dela para tentar de novo."],
  "4085": [
    "Não é possível acompanhar o que é compartilhado na reunião.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4086": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4087": [
    "Sua mensagem não foi enviada.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4087.TOO_LARGE": ["Sua mensagem é longa demais.", "Encurte-a e envie de novo."],
  "4087.HISTORY_FULL": [
    "O chat desta reunião está cheio.",
    "Nenhuma outra mensagem pode ser guardada. Avise o organizador; uma nova reunião tem um chat vazio.",
  ],
  "4088": [
    "As mensagens desta reunião não podem ser mostradas.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4089": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4101": ["Você não foi autorizado a entrar.", "Pergunte ao organizador se esta é a reunião certa e tente de novo."],
  "4101.LOCKED": [
    "Esta reunião está bloqueada: ninguém mais pode entrar.",
    "Peça ao organizador para desbloqueá-la e tente de novo.",
  ],
  "4102": ["Ninguém deixou você entrar.", "Diga ao organizador que você está esperando e peça para entrar de novo."],
  "4102.NOBODY_THERE": [
    "Ninguém que pudesse deixar você entrar estava na reunião.",
    "Diga ao organizador que você está esperando e peça para entrar de novo.",
  ],
  "4103": ["Você foi removido da reunião.", "Se acha que foi um engano, avise o organizador."],
  "4104": ["A reunião terminou.", "Você pode fechar esta página."],
  "4104.AUTO_CLOSED": [
    "A reunião atingiu o limite de tempo e terminou.",
    "Para continuar, peça uma nova reunião ao organizador.",
  ],
  "4104.ON_FAILURE": [
    "A reunião terminou porque a gravação ou transmissão falhou.",
    "Pergunte ao organizador se ela continua em uma nova reunião.",
  ],
  "4105": ["Você não tem permissão para fazer isso.", "Peça ao organizador que faça isso."],
  "4105.AUDIO_RESTRICTED": [
    "No momento, só os organizadores podem ativar o microfone.",
    "Espere até que seja permitido ou peça a um organizador.",
  ],
  "4105.VIDEO_RESTRICTED": [
    "No momento, só os organizadores podem ligar a câmera.",
    "Espere até que seja permitido ou peça a um organizador.",
  ],
  "4105.SHARE_RESTRICTED": [
    "No momento, só os organizadores podem compartilhar a tela.",
    "Espere até que seja permitido ou peça a um organizador.",
  ],
  "4105.CHAT_RESTRICTED": [
    "No momento, só os organizadores podem escrever no chat.",
    "Espere até que seja permitido ou peça a um organizador.",
  ],
  "4105.LINK": ["Este link para o arquivo expirou ou não está completo.", "Peça um novo link ao organizador."],
  "4105.HLS_LINK": ["Este link expirou ou não está completo.", "Peça um novo link ao organizador."],
  "4106": ["Muita coisa foi enviada em pouco tempo.", "Espere um minuto e tente de novo."],
  "4106.BITRATE": [
    "Você envia mais som e vídeo do que esta reunião permite, por isso uma parte se perde.",
    "Pare de compartilhar a tela, ou desligue a câmera e ligue-a de novo.",
  ],
  "4106.SLOW_READER": ["Sua conexão era lenta demais para esta reunião.", "Use uma rede mais rápida e entre de novo."],
  "4106.MEETING_MESSAGE_BYTES": [
    "As pessoas desta reunião escreveram demais em pouco tempo.",
    "Espere um minuto e envie sua mensagem de novo.",
  ],
  "4106.ADDRESS_SOCKETS": [
    "Muitas pessoas da sua rede estão entrando ao mesmo tempo.",
    "Espere um minuto e tente de novo.",
  ],
  "4106.SERVER_SOCKETS": ["Muitas pessoas estão entrando ao mesmo tempo.", "Espere um minuto e tente de novo."],
  "4106.ADDRESS_JOINS": [
    "Muitas pessoas da sua rede estão entrando ao mesmo tempo.",
    "Espere um minuto e tente de novo.",
  ],
  "4106.FAILED_TOKENS": [
    "Muitos links que não funcionam foram abertos a partir da sua rede.",
    "Espere alguns minutos e peça um novo link ao organizador.",
  ],
  "4106.FAILED_RESUMES": [
    "Muitas tentativas de voltar a uma reunião foram feitas a partir da sua rede.",
    "Espere alguns minutos e entre de novo.",
  ],
  "4106.DATA_SLOW_RECEIVER": [
    "Sua conexão é lenta demais para tudo o que os outros enviam, por isso você perde uma parte.",
    "Use uma rede mais rápida.",
  ],
  "4107": [
    "A página pediu algo que não é possível aqui.",
    "Recarregue a página e tente de novo. Se acontecer outra vez, envie os detalhes para o suporte às pessoas que administram este serviço.",
  ],
  "4107.NO_SUCH_PARTICIPANT": ["Esta pessoa não está mais na reunião.", "Você não precisa fazer nada."],
  "4108": [
    "Isso não está mais aqui.",
    "Recarregue a página. Se deveria estar aqui, avise as pessoas que administram este serviço.",
  ],
  "4109": ["Isso não pode ser feito no momento.", "Tente mais tarde."],
  "4110": ["Isso não é oferecido aqui.", "Use a reunião sem isso."],
  "4112": [
    "O programa que transmite para a reunião foi recusado.",
    "Peça uma nova chave de transmissão às pessoas que administram este serviço.",
  ],
  "5001": [
    "A gravação foi interrompida por um problema do serviço de reuniões.",
    "Inicie de novo. Se parar outra vez, avise as pessoas que administram este serviço.",
  ],
  "5001.MEDIA_LOST": [
    "Falta uma parte da reunião no que é gravado ou transmitido.",
    "Você não precisa fazer nada. Ela volta assim que chegar.",
  ],
  "5001.STORAGE_FULL": [
    "A gravação ou transmissão foi interrompida porque não há mais espaço. O que foi salvo até então pode ser reproduzido.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "5001.NODE_LOST": [
    "A máquina que fazia a gravação ou transmissão foi perdida. O que foi salvo até então está guardado.",
    "Inicie de novo.",
  ],
  "5001.UPLOAD_FAILED": [
    "Um arquivo da gravação ou transmissão ainda não pôde ser levado ao lugar onde é guardado.",
    "Você não precisa fazer nada. O arquivo está seguro e o serviço tenta de novo.",
  ],
  "5001.FILE_LOST": [
    "Um arquivo da gravação ou transmissão se perdeu antes de chegar ao lugar onde é guardado.",
    "Avise as pessoas que administram este serviço.",
  ],
  "5002": [
    "A transmissão ao vivo foi interrompida por um problema do serviço de reuniões.",
    "Transmita ao vivo de novo. Se parar outra vez, avise as pessoas que administram este serviço.",
  ],
  "5002.MEDIA_LOST": [
    "Falta uma parte da reunião no que é gravado ou transmitido.",
    "Você não precisa fazer nada. Ela volta assim que chegar.",
  ],
  "5002.NODE_LOST": [
    "A máquina que fazia a gravação ou transmissão foi perdida. O que foi salvo até então está guardado.",
    "Inicie de novo.",
  ],
  "5002.OUTPUT_RETRYING": [
    "O destino {output} da transmissão não está conectado no momento.",
    "Você não precisa fazer nada. O serviço tenta se conectar de novo.",
  ],
  "5002.OUTPUT_LOST": [
    "O destino {output} da transmissão foi perdido.",
    "Verifique-o no serviço de transmissão e transmita ao vivo de novo.",
  ],
  "5002.UPLOAD_FAILED": [
    "Um arquivo da gravação ou transmissão ainda não pôde ser levado ao lugar onde é guardado.",
    "Você não precisa fazer nada. O arquivo está seguro e o serviço tenta de novo.",
  ],
  "5002.FILE_LOST": [
    "Um arquivo da gravação ou transmissão se perdeu antes de chegar ao lugar onde é guardado.",
    "Avise as pessoas que administram este serviço.",
  ],
  "5003": [
    "A página de exibição foi interrompida por um problema do serviço de reuniões.",
    "Inicie de novo. Se parar outra vez, avise as pessoas que administram este serviço.",
  ],
  "5003.MEDIA_LOST": [
    "Falta uma parte da reunião no que é gravado ou transmitido.",
    "Você não precisa fazer nada. Ela volta assim que chegar.",
  ],
  "5003.STORAGE_FULL": [
    "A gravação ou transmissão foi interrompida porque não há mais espaço. O que foi salvo até então pode ser reproduzido.",
    "Peça às pessoas que administram este serviço que liberem espaço e comece de novo.",
  ],
  "5003.NODE_LOST": [
    "A máquina que fazia a gravação ou transmissão foi perdida. O que foi salvo até então está guardado.",
    "Inicie de novo.",
  ],
  "5003.FILE_LOST": [
    "Um arquivo da gravação ou transmissão se perdeu antes de chegar ao lugar onde é guardado.",
    "Avise as pessoas que administram este serviço.",
  ],
  "5004": [
    "A gravação atingiu o limite de tempo e foi parada.",
    "Você não precisa fazer nada. Ela está completa. Para continuar, inicie outra.",
  ],
  "5005": [
    "A transmissão ao vivo atingiu o limite de tempo e foi parada.",
    "Para continuar, transmita ao vivo de novo.",
  ],
  "5006": ["A página de exibição atingiu o limite de tempo e foi parada.", "Para continuar, inicie-a de novo."],
  "5101": [
    "O serviço de reuniões tem um problema no momento.",
    "Tente de novo em um minuto. Se continuar assim, avise as pessoas que administram este serviço.",
  ],
  "5101.NODE_LOST": [
    "Uma parte do serviço de reuniões foi perdida. Outra assume o lugar dela.",
    "Você não precisa fazer nada. Em alguns segundos você estará conectado de novo.",
  ],
  "5101.NODE_LATE": ["Uma parte do serviço de reuniões responde devagar.", "Tente de novo."],
  "5101.OVERLOADED": ["O serviço de reuniões está cheio no momento.", "Espere um minuto e tente de novo."],
  "5101.NODE_OVERLOADED": ["O serviço de reuniões está cheio no momento.", "Espere um minuto e tente de novo."],
  "5101.DRAINING": ["O serviço de reuniões está prestes a ser reiniciado.", "Espere um minuto e tente de novo."],
  "5102": ["O serviço de reuniões foi parado.", "Espere um momento e entre de novo."],
  "5102.MOVING": ["A reunião passa para outra máquina.", "Espere um momento; ela continua sozinha."],
  "5107": [
    "A transmissão para a reunião foi interrompida por um problema do serviço de reuniões.",
    "Inicie-a de novo no programa que transmite. Se parar outra vez, avise as pessoas que administram este serviço.",
  ],
};
