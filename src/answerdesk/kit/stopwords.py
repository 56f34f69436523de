"""Words that indicate a text's language and little else, by language.

Lower case, with accents. They include question words, which indicate a language well, and match
every text in a search.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from answerdesk.kit.scripts import grams, is_unspaced

_WORDS: Final[dict[str, str]] = {
    "en": """
        a about above after again against all am an and any are aren't as at be because been before
        being below between both but by can can't cannot could couldn't did didn't do does doesn't
        doing don't down during each few for from further had has have haven't having he her here
        hers him his how i i'd i'll i'm i've if in into is isn't it it's its just let's me more most
        my no nor not of off on once only or other our ours out over own please same shall she
        should so some such than that that's the their them then there there's these they they're
        this those through to too under until up us very was wasn't we we're were weren't what
        what's when where where's which while who who's whom whose why will with won't would
        wouldn't you you'd you'll you're you've your yours""",
    "de": """
        aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist bitte da
        damit dann das dass dein deine dem den denn der des dessen dich die dies diese diesem diesen
        dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer
        eure für gegen gibt hab habe haben hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre
        ihrem ihren ihrer ihres im in ins ist ja jede jedem jeden jeder jedes jetzt kann kannst
        kein keine keinem keinen können könnt könnte man mehr mein meine meinem meinen meiner mich
        mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem
        seinen seiner seit sich sie sind so soll sollte sondern sonst über um und uns unser unsere
        unter viel viele vom von vor wann war waren warum was weil welche welchem welchen welcher
        welches wem wen wenn wer werde werden wessen wie wieder wieso will wir wird wirst wo wofür
        woher wohin wollen wurde wurden während würde zu zum zur zwischen""",
    "fr": """
        ai alors après au aucun aussi autre aux avant avec avez avoir avons car ce ceci cela celle
        celui ces cet cette ceux chez comme comment d dans de depuis des dois doit donc du elle
        elles en encore entre es est et eu eux faire fait faut font il ils j je l la le les leur
        leurs lors lui là m ma mais me mes moi mon même n ne ni nos notre nous on ont ou où par pas
        pendant peut peux plus pour pourquoi pouvez qu quand que quel quelle quelles quels qui quoi
        s sa sans se sera ses si sommes son sont sous suis sur t ta te tes toi ton tous tout toute
        toutes très tu un une vers vos votre vous y à été être était étaient c""",
    "es": """
        a al algo ante antes aquí así aunque cada como con contra cual cuando cuándo cuánto cuánta
        cuántos cuántas cuál cuáles cómo de del desde donde dónde dos durante e el ella ellas ellos
        en entre era eran eres es esa ese eso esos esta estaba estado estar estas este esto estos
        está están fue fueron ha hace hacer han hasta hay he la las le les lo los me mi mis muy más
        nada ni no nos nosotros nuestra nuestro o os otra otro para pero por porque puede pueden
        puedo que quien quién qué se sea ser si sido sin sobre son soy su sus sí también tan te
        tengo ti tiene tienen todo todos tu tus tú un una uno unos usted ustedes y ya yo él""",
    "it": """
        a abbiamo ad agli ai al alla alle allo anche ancora avere aveva c che chi ci cioè col come
        con cosa cui d da dagli dai dal dalla dalle dei del della delle dello devo di dopo dove dov
        e ed era erano essere fa fare fino fra gli ha hai hanno ho i il in io l la le lei li lo
        loro lui ma me mi mia mie miei mio molto ne negli nei nel nella nelle nello no noi non
        nostra nostro o ogni per perché perchè però più posso può quale quali quando quanta quante
        quanti quanto quella quelle quelli quello questa queste questi questo qui se sei senza si
        sia siamo siete sono sta stata stati stato su sua sue sugli sui sul sulla sulle suo suoi
        te ti tra tu tua tue tuo tuoi tutti tutto un una uno vi voi vostra vostro è""",
    "pt": """
        a ainda ante antes ao aos aquela aquele aqui as até cada com como contra da das de dela
        dele deles depois desde do dos e ela elas ele eles em entre era eram essa esse esta estar
        estas este estes está estão eu faz fazer foi foram for há isso isto já lhe mais mas me
        mesmo meu meus minha muito na nas nem no nos nossa nosso num numa não nós o onde os ou para
        pela pelas pelo pelos pode podem por porque posso quais qual quando quanto quantos quanta
        quantas que quem são se seja sem ser seu seus sobre sou sua suas só também te tem tenho ter
        teu teve tinha tu tua têm um uma umas uns você vocês à às é""",
    "nl": """
        aan al alle alles als altijd andere ben bent bij dan dat de deze die dit doch doen door dus
        een eens en er ge geen geweest had heb hebben hebt heeft hem het hier hij hoe hoeveel hun
        iemand iets ik in is ja je jij jouw jullie kan kun kunnen kunt maar me meer men met mij
        mijn moet moeten mag na naar niet niets nog nu of om omdat onder ons onze ook op over per
        reeds te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want waren was wat
        we wel welk welke werd wie wij wil worden wordt zal ze zelf zich zij zijn zo zonder zou""",
    "sv": """
        alla allt att av bli blir blev de dem den denna deras dess det detta dig din dina ditt du
        där då efter ej eller en er era ett från för ha hade han hans har hon hur här i icke ingen
        inom inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket många måste ni
        nu när och om oss på samma sedan sig sin sina sitt ska skulle som så till under upp ut utan
        vad var vara varför varit vart vem vi vid vilka vilken vilket vill är åt över""",
    "da": """
        af alle alt at blev blive bliver da de dem den denne der deres det dette dig din dine dit
        dog du efter eller en end er et for fra få får ham han hans har havde hende hendes her hos
        hun hvad hver hvis hvor hvordan hvorfor hvornår hvem hvilke hvilken hvilket i ikke ind jeg
        jer jeres kan kunne man mange med meget men mig min mine mit mod må ned noget nogle nu når
        og også om op os over på selv sig sin sine sit skal skulle som sådan til ud under var ved
        vi vil ville vor være været""",
    "no": """
        alle alt at av ble blei bli blir da de deg dei dem den denne der dere deres det dette din
        ditt du då eg ein eit eller en enn er et etter for fordi fra få får han hans har hennes her
        ho hos hun hva hvem hver hvilke hvilken hvis hvor hvordan hvorfor ikke ikkje inn ja jeg kan
        korleis kva kvar man mange med meg meget mellom men mer mi min mine mitt mot mye må ned no
        noe noen nå når og også om opp oss over på sa seg selv si sin sine sitt skal skulle som så
        til ut uten var ved vi vil ville vår være vært""",
    "fi": """
        ei eivät eli en entä et että he heidän hän häntä ihan itse ja jo joiden joka jonka jos jossa
        jota jotka kanssa keitä ketkä ketä koska koskaan kuin kuinka kuka kun kyllä me meidän mihin
        mikä miksi millä milloin minun minua minä missä mistä mitkä mitä mukaan mutta myös ne niiden
        niin niitä noin nyt näin nämä ole olemme olen olet olette oli olisi olivat olla on onko
        ovat pitää se sekä sen siellä siihen siitä sille sillä sinun sinä sitten sitä tai te
        teidän teillä tuo tämä tämän täällä tässä tätä vai vaan vain voi voin voinko vielä yli""",
    "pl": """
        aby ale albo ani bardzo bez bo by być był była było były będzie będą chce ci cię co coś czy
        czym dla do gdy gdzie go i ich ile im inne jak jaka jaki jakie jako je jednak jego jej jest
        jestem jeszcze jeśli już kiedy kogo kto która które którego której który których którzy
        lub ma mają mam mi mnie mogą mogę może można mój na nad nam nas nasz nie niż o od on ona one
        oni oraz pan pani po pod poza przed przez przy się sobie są ta tak także tam te tego tej ten
        teraz to tu tych tylko tym u w we więc wszystko z za ze że żeby""",
    "cs": """
        aby aj ale ani ano až bez bude budou by byl byla byli bylo být co což da dnes do ho i já jak
        jaká jaké jaký jako je jeho jej její jejich jen jenž ještě ji jiné již jsem jsi jsme jsou
        jste k kam kde kdo kdy kdyby když která které který kteří kolik ku ma má máte mezi mi mít
        mně mnou můj může můžu na nad nám nás naše ne nebo není než nic o od on ona oni po pod podle
        pokud pro proč proto před při s se si tak také tam tato te tedy ten tento to toho tom tomto
        tu ty u už v vám vás váš ve více však z za ze že""",
    "ro": """
        a acea aceasta această aceste acest acesta aceștia acolo ai al ale am ar are aș asta așa au
        avea aveți ca care cât câte câți când ce cea cei cel cele cine cu cum da dacă dar de deci
        din după e ea ei el ele este eu eră fi fie fost în îi îl își îmi la le li lor lui mai mea
        mei meu mi mult nu noi nostru o ori pe pentru pot poate prin să sau se și sunt sunteți te
        tu un una unde unei unui vă voi vor vostru""",
    "hu": """
        a az abban ahhoz aki akkor alatt ami amely amit arra át be csak de e egy egyik el előtt én
        ennek és ez ezek ezt fel ha hány hogy hogyan hol honnan hova ide igen így is itt ki kell
        kellene kik kérem le legyen lehet lesz már meg mely melyik mert mi miért mikor milyen
        mindig minden mint mit még mennyi mennyibe nagyon nak ne nek nekem nem nincs olyan ott ő
        össze pedig s sem sok szerint talán tud tudok után úgy vagy vagyok van vannak volt volna
        között""",
    "tr": """
        acaba ama ancak bana bazı belki ben benim bir biri biz bize bizim bu buna bunlar bunu bunun
        çok çünkü da daha de değil diye dolayı en gibi hangi hangisi hem hep hepsi her hiç için ile
        ise işte kaç kadar ki kim kimin mi mı mu mü musunuz mısınız nasıl ne neden nerede nereye
        niçin niye o olan olarak oldu olduğu olur ona onlar onu onun sana sen senin siz sizin size
        şey şu tüm var vardır ve veya ya yani yok zaman""",
    "id": """
        ada adalah agar akan aku anda apa apakah atau bagaimana bagi bahwa banyak berapa bisa boleh
        dalam dan dapat dari dengan di dia hanya harus ini itu jika juga kami kamu kapan karena ke
        kepada kita lagi lebih mana masih mengapa mereka oleh pada para saat saja sangat saya
        sebagai secara seperti siapa sudah telah tentang tidak untuk yang""",
    "ca": """
        a al als això alguna amb aquest aquesta aquests aquí cada com d de del dels des dins el ella
        els em en entre era és està estan ens fa fins ha han hi i jo l la les li llur lo m'he més
        meu meva molt no nosaltres o on per perquè però pot puc quan quant quants que quin quina
        què qui sense ser seu seva si sobre són també té tenen tinc tot tots un una unes uns us
        vostè""",
    "ru": """
        а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да для до
        его ее если есть еще же за здесь и из или им их к как какая какие какой когда кто куда ли
        меня мне можно мой моя мы на над надо нам нас не него нее нет ни них но о об один он она они
        оно от очень по под почему при про с сам свой сколько со так также такой там тебя тем то
        того тоже только том ты у уже хочу чего чем что чтобы эта эти это этого этой этот я""",
    "uk": """
        а але без би бо був була були було бути в вам вас весь вже ви від він вона вони воно все
        всі всіх де для до його є ж за з зі і із її або й їх коли куди ким хто між мене мені може
        можна мій ми на над нам нас не немає ні ну о об один по під про при рік саме свої скільки
        та так також такий там те ти тим тільки то того тому у хто це цей ці цього чи чому чого
        що щоб як яка який які якщо я""",
    "bg": """
        а аз ако ала без беше би бил била били във вие ви все всички где го да до докато е един
        една за защо и из или им има имам какво как каква какви какъв към кога който която които
        къде колко кой ли ме между ми много може мога на над най не него ние но няма от по под
        при с са само се си след със също съм така там те тези това този той тя у ще я""",
    "el": """
        αλλά αν από αυτά αυτή αυτό αυτός αυτού για γιατί δεν εγώ είμαι είναι εμείς ένα ένας εσείς
        έχει έχω έχετε η ή θα και κάθε κατά με μετά μη μια μου μπορώ μπορεί να ο οι όπως όταν ότι
        ποια ποιο ποιος πόσο πόσα πότε πού που πριν προς πως πώς σαν σας σε στη στην στις στο στον
        στους στα τα τη την της τι τις το τον του τους των ως""",
    "ar": """
        أن أنا أنت أو إذا إلى إن الذي التي الى ان او بعد بين تم ثم حتى حول حيث عن على عند غير في قبل
        قد كان كانت كل كم كما كيف لا لكن لم لماذا له لها لي ليس ما ماذا متى مع من منذ نحن هذا هذه هل
        هم هنا هناك هو هي و يا أي أين""",
    "he": """
        אבל או אחרי אין איך איפה אל אם אנחנו אני אתה אתם את בין גם הוא היא הם הזה זאת זה יש כי כל
        כמה כן לא לי למה לפני מאוד מה מי מתי עד על עם רק של שלי שלך שלנו""",
    "hi": """
        और का की के को में से है हैं था थी थे पर यह वह कि क्या कब कहाँ कैसे कौन कितना कितने क्यों
        जो तो नहीं भी मैं मेरा मेरी हम हमारे आप आपका आपके इस उस एक लिए ही हो कर साथ""",
}

LANGUAGES: Final = frozenset(_WORDS)
"""The languages that are known by their lists, as ISO 639-1 codes."""

# These languages are known by their letters. In scripts without spaces, the grams of these words
# are stop words.
_OTHER_WORDS: Final[dict[str, str]] = {
    "vi": """
        là của và có được cho các những một trong với không này đó khi như thế nào gì ai đâu bao
        nhiêu mấy tại sao vì để từ đến ở thì mà tôi bạn chúng ta làm hay hoặc cũng sẽ đã đang nên
        phải bị về trên ra vào rồi còn nếu ạ nhé vậy thôi xin hỏi""",
    "zh": """
        的 了 吗 嗎 呢 吧 啊 是 我 你 您 们 們 这 這 那 哪 什么 什麼 怎么 怎麼 怎样 怎樣 如何 请问
        請問 多少 为什么 為什麼 是否 和 与 與 或 也 都 就 很 把 被 给 給 之 其 而""",
    "ja": """
        です ます ました ません ください でしょう どう すれば いい いくら いつ どこ だれ なに 何
        なぜ どれ どの どんな する して した できる できます ですか ますか たい こと もの ため から
        まで より この その これ それ ある いる には では とは 教えて""",
    "th": """
        ที่ และ ของ หรือ เป็น ได้ ให้ จะ ไม่ กับ จาก ว่า นี้ นั้น อะไร ไหน ไหม หรือเปล่า เท่าไหร่ เท่าไร กี่
        เมื่อไหร่ เมื่อไร อย่างไร ยังไง ทำไม ใคร ครับ ค่ะ คะ ถ้า ต้อง""",
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language; empty if there is no list for it."""
    words = _WORDS.get(language) or _OTHER_WORDS.get(language, "")
    return frozenset(term for word in words.split() for term in _terms(word))


def _terms(word: str) -> Sequence[str]:
    return grams(word) if is_unspaced(word[0]) else (word,)
