"""English manners."""

from typing import Final

from answerdesk.answering.message.manners.words import REST, Manners

_SOMEBODY: Final = r"(?:you|someone|somebody|anyone|anybody)"
_SOFTLY: Final = r"(?: (?:please|kindly|maybe|possibly|perhaps|just|quickly))*"
_MACHINE: Final = (
    r"(?:(?:chat)?bot|robot|machine|computer|ai|human(?: being)?|(?:real )?person|someone real)"
)
_THIS: Final = r"(?:this|that|it|them|these|those)"

ENGLISH: Final = Manners(
    hello=(
        r"to whom it may concern|hi+|hiya|hello|hey+|heya|howdy"
        r"|greetings(?: from [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[!.,]))?"
        r"|good (?:morning|afternoon|evening|day)|dear"
    ),
    addressee=(
        r"there|again|all|everyone|everybody|(?:support |service |sales |customer )?team|folks"
        r"|guys|friends?|people|sir or madam|sir/madam|madams?|ma'am|sirs?|mate"
        r"|ladies and gentlemen"
        r"|support|customer (?:service|support)|to (?:you|all)(?: all)?|you"
    ),
    pleasantry=(
        r"(?:i |we )?hope (?:(?:that )?(?:you(?:'re| are)(?: all)?(?: doing| keeping)? (?:very )?"
        r"(?:well|fine|good|ok|okay)|all is well|everything(?:'s| is) (?:well|fine|good|ok)"
        r"|(?:this|my) (?:e-?mail |message )?finds you well|you can help(?: me| us)?"
        r"(?: (?:out|with this|with that|here))?)|you(?:'re|) (?:having|had|have|are having"
        r"|are enjoying|are all having) (?:a"
        r"|your)"
        r" (?:good |great |nice |lovely )?\w{1,20})(?: today)?"
        r"|(?:just )?(?:a |one |another )?(?:very )?(?:quick|short|little|small|stupid|simple|silly"
        r"|further) questions?(?: (?:for you|here|please|from me))?"
        r"|(?:just )?(?:a )?quick one"
        r"|(?:i(?:'m| am) )?(?:quite |completely |totally |very )?new (?:here|to this)"
        r"|happy (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|new year|holidays|easter)"
        r"|merry christmas|(?:it's |it is )?(?:only |just )?me again|first of all"
        r"|(?:great|nice|good|lovely|cool|fantastic) \w{1,20}(?:,)? (?:by the way|btw)"
        r"|sorry(?: (?:to|for) (?:bother|disturb|trouble|the trouble|bothering|asking)\w{0,3}"
        r"(?: you)?(?: again)?)?|excuse me|pardon(?: me)?|nice to meet you"
        r"|my name is [\w'-]{1,30}(?: [\w'-]{1,30})?(?=[,.!]|\Z)"
    ),
    offering=(
        rf"(?:can|could|would|will) {_SOMEBODY}{_SOFTLY} help(?: (?:me|us))?(?: out)?"
        r"(?: with (?:something|a (?:question|problem)|an issue))?"
        r"|(?:i|we) (?:really )?(?:need|want|would like|could use)(?: (?:some|your|a bit of))? help"
        r"|(?:please )?help(?: me| us)?|please advise"
        r"|(?:i|we)(?:'ve| have|'d have)?(?: got)? (?:a|an|another|one|two|some|a few|one more"
        r"|several)(?: (?:quick|small|short|little|general|more))? (?:questions?|problems?|issues?"
        r"|requests?)(?: for you)?"
        r"|(?:can|could|may) i(?: please| just| quickly)? ask(?: you)?"
        r"(?: (?:something|a (?:quick )?question|some questions))?"
        r"|i(?:'d| would)? (?:like|want) to ask(?: you)?(?: (?:something|a (?:quick )?question))?"
        r"|are you (?:there|online|available|open for questions)"
    ),
    thanks=(
        r"(?:no,? |ok(?:ay)?,? |many |great,? |perfect,? |awesome,? |a (?:big|huge) )?"
        r"(?:thanks|thank ?you|thanx|thx|tnx|tysm|ty|cheers|ta)"
        r"(?: (?:(?:so|very) much|a lot|a million|a bunch|again|anyway|indeed|all|guys|everyone"
        rf"|kindly|already|and))*(?: for{REST})?(?: in advance)?"
        r"|(?:much|very much|greatly) appreciated|(?:i )?(?:really )?appreciate (?:it|that"
        r"|your help)"
        r"|(?:that|this|it) (?:really )?(?:helped|helps|worked|works)(?: (?:a lot|me|us|great|well"
        r"|perfectly|now|fine))*"
        r"|(?:that|this)(?:'s| is| was) (?:very |really |so )?(?:helpful|perfect|great|awesome|kind"
        r"|all i (?:need|needed|wanted)(?: to know)?)|very helpful"
        r"|you(?:'re| are) (?:great|awesome|amazing|the best|a star|very (?:kind|helpful))"
        r"|you(?:'ve| have) been (?:very |really |so )?(?:helpful|kind|great|awesome)"
    ),
    closing=(
        r"(?:with )?(?:(?:my )?(?:kind(?:est)?|best|warm(?:est)?|many|cordial) )?"
        r"(?:regards|wishes|greetings)"
        r"|best|all the best|yours(?: (?:sincerely|faithfully|truly))?|sincerely(?: yours)?"
        rf"|respectfully|(?:i(?:'m| am)? |we )?look(?:ing)? forward to{REST}|br|kr|rgds"
    ),
    bye=(
        r"bye(?:[ -]bye)?(?: (?:for )?now)?|good ?bye"
        r"|see (?:you|ya)(?: (?:later|soon|tomorrow|around))?"
        r"|(?:and )?take care|(?:have|enjoy) (?:an? |your |the )?(?:(?:very )?(?:nice|good|great"
        r"|lovely|wonderful|pleasant) )?(?:rest of (?:your|the) )?(?:day|evening|week(?:end)?"
        r"|afternoon|night|one)(?: (?:too|ahead|as well))?|good night|farewell|cya|until next time"
        r"|that(?:'s| is| was|'ll be| will be) (?:all|it)(?: for (?:now|today|the moment))?"
    ),
    ok=(
        r"ok(?:ay|ey|i|s)?|k+|o\.k\.|alright|all (?:right|good|clear)|got it|i see"
        r"|(?:i )?understood"
        r"|i understand|sure(?: thing)?|fine|good(?: (?:job|bot|to know))?|cool|nice|well done"
        r"|yes(?:,? (?:please|sure|of course|thanks))?|yep|yeah|yup|ye|no(?: (?:problem|worries"
        r"|need))?|nope|nah|right|exactly|correct|perfect|great|awesome|excellent|wonderful"
        r"|brilliant|amazing|lovely|super|fantastic|makes sense|fair enough|never ?mind|done"
        r"|sounds good|of course|please do|interesting|aha|oh|hm+|wow|lol|haha"
    ),
    how_are_you=(
        r"(?:and )?how(?:'s| is| are|re) (?:it going|you(?: all| guys)?(?: doing| feeling)?|things"
        r"|everything|life|your (?:day|morning))(?: going| doing)?(?: today| this morning)?"
        r"|how do you do|what(?:'s| is) up|sup|wassup|(?:are )?you (?:ok|okay|well|alright)"
        r"|how have you been|i(?:'m| am) (?:fine|good|ok|okay|well|great)(?: too)?"
    ),
    who_are_you=(
        r"(?:and )?who (?:are|r) (?:you|u)(?: (?:really|anyway))?|what(?: exactly)? are you"
        r"|what(?:'s| is) your name|who (?:is|am i) (?:this|(?:talking|speaking|chatting|writing)"
        r" (?:to|with))"
        r"|(?:are you|is this|am i (?:talking|speaking|chatting|writing) (?:to|with))"
        rf"(?: just)?(?: an?)?(?: (?:real|actual|live))* {_MACHINE}(?: (?:or|and not)(?: an?)?"
        rf"(?: (?:real|actual|live))* {_MACHINE})?"
        r"|are you (?:real|human|automated|chatgpt)|what (?:can|could) you (?:do|help(?: me)? with"
        r"|tell me|answer)(?: for me)?|how can you help(?: me)?|what do you know"
        r"|what can i ask(?: you)?|introduce yourself|tell me about yourself"
        r"|what (?:kind|sort|type) of (?:bot|assistant) are you"
    ),
    please=(
        r"(?:please|pls|plz|thanks|thank you|thx|cheers|ta)"
        r"(?: (?:so much|very much|a lot|in advance|again))?|if possible|asap|many thanks"
    ),
    asking=(
        r"(?:and |but |so |or |also |then |now |well,? )?"
        r"(?:what(?:'s|'re)?|how(?:'s)?|when(?:'s)?|where(?:'s)?|who(?:'s)?|which|why|whom|whose"
        r"|(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|must|have|has|isn't"
        r"|aren't|don't|doesn't|didn't|can't|couldn't|won't) (?:i|we|you|u|it|they|he|she|one|this"
        r"|that|these|those|there|the|my|our|your|its|an?|any|some|all|everyone|anyone|someone"
        r"|people|customers|members|guests|children|kids)"
        r"|(?:at|by|for|from|in|on|to|until|till|since|with|of|under|within|into|after|before"
        r"|about)"
        r" (?:what|which|whom|whose|when|where|how)|any (?:chance|way|news|update|idea|ideas)"
        r"|(?:is|are|do|does|can|will|has|have) \w{1,30} \w)"
    ),
    wishing=(
        rf"(?:(?:can|could|would|will) {_SOMEBODY}"
        r"|(?:(?:i|we)(?:'d| would) (?:appreciate it|be (?:very )?(?:grateful|glad|happy|thankful))"
        rf"|it would be (?:great|nice|kind)) if {_SOMEBODY} (?:could|can|would)){_SOFTLY}"
        r" (?:(?:tell|show|inform|remind|advise)(?: (?:me|us))?(?: please)?"
        r"|explain(?: (?:to )?(?:me|us))?|let (?:me|us) know)(?: (?:about|on|regarding))?"
        r"|(?:i|we)(?: (?:just|only|really|also))?(?:(?:'d| would) (?:like|love)| want(?:ed)?"
        r"| need(?:ed)?|(?:'m|'re| am| are) trying| was hoping)(?: (?:also|just|only))?"
        r" to (?:know|ask|find out|understand|learn|hear|check|enquire|inquire)"
        r"(?: (?:you|if you (?:could|can) tell me|more))?(?: about)?"
        r"|(?:need|want|would like) to know(?: about)?|just (?:checking|wondering|asking)"
        r"|(?:i|we)(?:'m| am| was| were|'re| are)?(?: (?:just|also))?"
        r" (?:wonder(?:ing|ed)?|curious)(?: about)?"
        rf"|(?:do|does|did) {_SOMEBODY}(?: happen to)? know"
        r"|(?:please |just |kindly )?(?:tell|show) (?:me|us)(?: please)?"
        r"|(?:please |kindly )(?:explain|advise|clarify|let (?:me|us) know|inform (?:me|us))"
        r"|let (?:me|us) know|(?:have you |do you have )?any idea(?: (?:of|about|as to))?"
        r"|(?:may|can|could|might) i(?: (?:just|please|quickly))? ask(?: you)?"
        r"(?=[,:]| (?:how|what|when|where|which|who|whose|why|if|whether|about)\b)"
        r"|(?:my|the|one|another) question(?: is(?: about)?|:)"
        r"|(?:is there )?any chance you (?:could|can)"
        r" tell me|(?:i have )?(?:a |one |another )?(?:quick )?question (?:about|on|regarding"
        r"|concerning)|please|kindly"
    ),
    helping=(
        rf"(?:can|could|would|will) {_SOMEBODY}{_SOFTLY} help (?:me|us)(?: (?:out|please))?"
        r"(?: (?:with|to))?|(?:please )?help (?:me|us)(?: (?:with|to))?"
        r"|(?:(?:i|we) )?(?:need|want|require)(?: (?:some|your))? (?:help|assistance|support)"
        r"(?: (?:with|to|in))?"
    ),
    wanting=(
        r"(?:i|we)(?: (?:just|only|really|also))?(?:(?:(?:'d| would)(?: also)? (?:like|love|prefer)"
        r"| want(?:ed)?| need(?:ed)?| wish)(?: to)?| wanna| have(?: got)? to| gotta"
        r"|(?:'m|'re| am| are| was| were) (?:trying|hoping|planning|attempting) to"
        r"|(?:'m|'re| am| are| was| were) looking (?:to|for)| tr(?:y|ied) to)"
    ),
    how="How can I {}",
    vague=(
        rf"(?:please )?fix(?: {_THIS})?(?: please)?|(?:any|some) (?:ideas?|help|suggestions?"
        rf"|advice|solutions?|thoughts|tips)"
        rf"(?: (?:please|what (?:{_THIS}) (?:is|could be)|how to (?:fix|solve) {_THIS}|why))?"
        rf"|what (?:can|should|could|do|shall|must) (?:i|we) do(?: now| next| about {_THIS})?"
        r"|what now|what (?:am i|are we|did i) (?:doing|do) wrong|what (?:have i|did i) (?:done|do)"
        r"(?: wrong)?|what(?:'s| is| went) (?:wrong|going on|happening|the (?:problem|reason|issue"
        rf"|solution|cause))(?: (?:here|with {_THIS}))?|why(?: (?:is that|so|not))?|how|how come"
        rf"|(?:is|was) {_THIS} (?:normal|possible|correct|right|ok|okay|true|allowed|a bug|usual)"
        rf"|(?:can|could|would|will) {_SOMEBODY}{_SOFTLY} help(?: (?:me|us))?(?: with {_THIS})?"
        r"|(?:please )?help(?: me| us)?(?: please)?"
        rf"|how (?:can|do|should|could|would) (?:i|we|you) (?:fix|solve|resolve|do|change|avoid"
        rf"|prevent|stop|get rid of|correct|repair|undo|turn off) {_THIS}"
        rf"|how (?:does|do) {_THIS} work|is there (?:a|any) (?:solution|fix|workaround|way)"
        rf"(?: (?:around|for|to (?:fix|solve|avoid|change)) {_THIS})?"
        rf"|can {_THIS} be (?:fixed|changed|done|avoided|solved)|can (?:i|we) do {_THIS}"
        rf"|why (?:is|does|did|would|has) {_THIS}(?: happen(?:ing|ed)?)?(?: (?:so|the case))?"
        rf"|what does {_THIS} mean"
    ),
    opening=(
        r"i(?:'m|'ve|'d|'ll)?|we(?:'re|'ve|'d)?|my|our|please|could|can|the|there|it|this|that|you"
        r"|your|is|are|do|does|did|have|has|will|would|may|if|when|to (?:whom|what|which)|after"
        r"|since|for (?:which|what|whom)|but|and|so|just|one|another|another one|no|not"
    ),
)
