"""Numbers in words and units, by language."""

from collections.abc import Iterator
from functools import cache
from typing import Final

_NUMBERS: Final = {
    "en": """
        zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12
        thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20
        thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 dozen=12 twice=2 both=2
        half=0.5""",
    "de": """
        null=0 zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12
        dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19
        zwanzig=20 dreißig=30 vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90
        dutzend=12 zweimal=2 beide=2 beiden=2 halb=0.5 halbe=0.5 halben=0.5 hälfte=0.5""",
    "fr": """
        zéro=0 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12
        treize=13 quatorze=14 quinze=15 seize=16 vingt=20 trente=30 quarante=40 cinquante=50
        soixante=60 demi=0.5 moitié=0.5""",
    "es": """
        cero=0 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12
        trece=13 catorce=14 quince=15 veinte=20 treinta=30 cuarenta=40 cincuenta=50 sesenta=60
        setenta=70 ochenta=80 noventa=90 medio=0.5 media=0.5 mitad=0.5 ambos=2 ambas=2""",
    "it": """
        zero=0 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11
        dodici=12 venti=20 trenta=30 quaranta=40 cinquanta=50 metà=0.5 mezzo=0.5 entrambi=2""",
    "pt": """
        zero=0 dois=2 duas=2 três=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11
        doze=12 vinte=20 trinta=30 quarenta=40 cinquenta=50 metade=0.5 meio=0.5 ambos=2""",
    "nl": """
        nul=0 twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12
        twintig=20 dertig=30 veertig=40 vijftig=50 half=0.5 helft=0.5 beide=2""",
    "pl": """
        zero=0 dwa=2 dwie=2 dwóch=2 trzy=3 trzech=3 cztery=4 czterech=4 pięć=5 pięciu=5 sześć=6
        siedem=7 osiem=8 dziewięć=9 dziesięć=10 dwanaście=12 dwadzieścia=20 trzydzieści=30
        połowa=0.5 pół=0.5 oba=2""",
    "ru": """
        ноль=0 два=2 две=2 двух=2 три=3 трех=3 трёх=3 четыре=4 четырех=4 пять=5 пяти=5 шесть=6
        семь=7 восемь=8 девять=9 десять=10 двенадцать=12 двадцать=20 тридцать=30 половина=0.5
        оба=2 обе=2""",
}
_FACTORS: Final = """
    hundred=100 thousand=1000 million=1000000 millions=1000000 billion=1000000000 hundert=100
    tausend=1000 millionen=1000000 mio=1000000 milliarde=1000000000 milliarden=1000000000
    mrd=1000000000 mille=1000 milliard=1000000000 milliards=1000000000 mil=1000 millón=1000000
    millones=1000000 mila=1000 milione=1000000 milioni=1000000 miliardo=1000000000
    miliardi=1000000000 milhão=1000000 milhões=1000000 bilhões=1000000000 honderd=100 duizend=1000
    miljoen=1000000 miljard=1000000000 tysiąc=1000 tysiące=1000 tysięcy=1000 milion=1000000
    miliony=1000000 milionów=1000000 тысяча=1000 тысячи=1000 тысяч=1000 тыс=1000 миллион=1000000
    миллиона=1000000 миллионов=1000000 млн=1000000 миллиард=1000000000 миллиардов=1000000000
    млрд=1000000000"""
_UNITS: Final = """
    percent=% per-cent=% prozent=% pourcent=% porciento=% procent=% процентов=% процента=% процент=%
    promille=‰
    €=eur euro=eur euros=eur eur=eur евро=eur $=usd dollar=usd dollars=usd usd=usd dólares=usd
    долларов=usd £=gbp pound=gbp pounds=gbp pfund=gbp gbp=gbp ¥=jpy yen=jpy franken=chf chf=chf
    zł=pln złotych=pln рублей=rub рубль=rub руб=rub ₽=rub
    s=second sec=second second=second seconds=second sekunde=second sekunden=second seconde=second
    secondes=second segundo=second segundos=second secondi=second seconden=second sekund=second
    секунд=second секунды=second
    min=minute minute=minute minutes=minute minuten=minute minuto=minute minutos=minute
    minuti=minute minuut=minute minut=minute минут=minute минуты=minute
    h=hour hr=hour hrs=hour hour=hour hours=hour stunde=hour stunden=hour heure=hour heures=hour
    hora=hour horas=hour ora=hour ore=hour uur=hour uren=hour godzina=hour godziny=hour
    godzin=hour час=hour часа=hour часов=hour
    day=day days=day tag=day tage=day tagen=day jour=day jours=day día=day días=day giorno=day
    giorni=day dia=day dias=day dag=day dagen=day dzień=day dni=day день=day дня=day дней=day
    week=week weeks=week woche=week wochen=week semaine=week semaines=week semana=week
    semanas=week settimana=week settimane=week weken=week tydzień=week tygodnie=week tygodni=week
    неделя=week недели=week недель=week
    month=month months=month monat=month monate=month monaten=month mois=month mes=month meses=month
    mese=month mesi=month mês=month maand=month maanden=month miesiąc=month miesiące=month
    miesięcy=month месяц=month месяца=month месяцев=month
    year=year years=year jahr=year jahre=year jahren=year an=year ans=year année=year années=year
    año=year años=year anno=year anni=year ano=year anos=year jaar=year jaren=year rok=year
    lata=year lat=year год=year года=year лет=year
    decade=decade decades=decade jahrzehnt=decade jahrzehnte=decade jahrzehnten=decade
    century=century centuries=century jahrhundert=century jahrhunderte=century siècle=century
    siècles=century siglo=century siglos=century
    mm=mm millimeter=mm millimeters=mm millimetre=mm millimetres=mm milímetros=mm millimètres=mm
    cm=cm centimeter=cm centimeters=cm centimetre=cm centimetres=cm zentimeter=cm centimètres=cm
    centímetros=cm m=m meter=m meters=m metre=m metres=m mètre=m mètres=m metro=m metros=m metri=m
    км=km km=km kilometer=km kilometers=km kilometre=km kilometres=km kilomètres=km kilómetros=km
    mi=mile mile=mile miles=mile meile=mile meilen=mile inch=inch inches=inch zoll=inch ft=foot
    feet=foot foot=foot
    ha=ha hectare=ha hectares=ha hektar=ha acre=acre acres=acre acker=acre km²=km2 km2=km2
    quadratkilometer=km2 sq=sq
    g=g gram=g grams=g gramm=g kg=kg kilogram=kg kilograms=kg kilo=kg kilos=kg kilogramm=kg
    tonne=tonne tonnes=tonne tonnen=tonne ton=tonne tons=tonne lb=lb lbs=lb
    ml=ml l=l liter=l liters=l litre=l litres=l litro=l litros=l
    byte=byte bytes=byte kb=kb kib=kb kilobyte=kb kilobytes=kb mb=mb mib=mb megabyte=mb
    megabytes=mb gb=gb gib=gb gigabyte=gb gigabytes=gb tb=tb terabyte=tb terabytes=tb bit=bit
    bits=bit kbit=kbit mbit=mbit gbit=gbit mbps=mbit gbps=gbit
    °=degree °c=celsius °f=fahrenheit degree=degree degrees=degree grad=degree degrés=degree
    grados=degree celsius=celsius fahrenheit=fahrenheit
    w=w watt=w watts=w kw=kw kilowatt=kw v=v volt=v volts=v mah=mah hz=hz khz=khz mhz=mhz ghz=ghz
    px=px pixel=px pixels=px píxeles=px dpi=dpi
    page=page pages=page seite=page seiten=page página=page páginas=page pagine=page
    file=file files=file datei=file dateien=file fichier=file fichiers=file archivo=file
    line=line lines=line zeile=line zeilen=line ligne=line lignes=line línea=line líneas=line
    digit=digit digits=digit ziffer=digit ziffern=digit chiffre=digit chiffres=digit
    dígito=digit dígitos=digit letter=letter letters=letter buchstabe=letter buchstaben=letter
    lettre=letter lettres=letter letra=letter letras=letter
    character=character characters=character zeichen=character caractères=character
    person=person persons=person people=person personen=person personnes=person personas=person
    point=point points=point punkt=point punkte=point punkten=point puntos=point
    user=user users=user nutzer=user benutzer=user utilisateurs=user usuarios=user
    time=times times=times mal=times fois=times veces=times"""

_BOUNDS: Final = """
    over=> above=> more=> least=> exceeding=> exceeds=> minimum=> mehr=> über=> mindestens=>
    wenigstens=> más=> menos=< mínimo=> più=> almeno=> mais=> meer=>
    minstens=> ponad=> więcej=> минимум=> более=> больше=> свыше=>
    under=< below=< less=< fewer=< most=< maximum=< up=< almost=< nearly=< weniger=< unter=<
    höchstens=< maximal=< knapp=< maximum=< máximo=< meno=< massimo=< minder=< hoogstens=<
    mniej=< maksymalnie=< poniżej=< менее=< меньше=< максимум=<"""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in text.split():
        word, _, value = pair.partition("=")
        yield word, value


@cache
def numbers(language: str) -> dict[str, float]:
    """Return the values of a language's number words."""
    return {word: float(value) for word, value in _pairs(_NUMBERS.get(language, ""))}


@cache
def factors() -> dict[str, float]:
    """Return what words such as "million" multiply the number before them by, in any language."""
    return {word: float(value) for word, value in _pairs(_FACTORS)}


@cache
def units() -> dict[str, str]:
    """Return the unit that each word or sign means, in any language."""
    return dict(_pairs(_UNITS))


@cache
def bounds() -> dict[str, str]:
    """Return words before a number that make it a bound, in any language."""
    return dict(_pairs(_BOUNDS))
