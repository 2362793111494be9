"""Where the invented people and companies are: countries, cities, and telephone numbers that ring nowhere.

Numbers come from the blocks that a country reserves for fiction wherever it has one that is still a valid
number; the other blocks are made up. ``#`` stands for a digit, ``@`` for the area code.

Source: NANPA 555-0100 to 555-0199; Ofcom, numbers for drama use (its mobile block 07700 900 is no valid
number to libphonenumber, so direct lines stand in); Bundesnetzagentur, Mitteilung 148/2021; ARCEP,
decision 2018-0881 (01 99 00); PTS numbers for films; ACMA numbers for fiction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datasets.names import Culture


class City(Struct, frozen=True):
    """One city: its region in full and as it is abbreviated, a postal code, an area code, its own script."""

    name: str
    region: str
    region_code: str
    postal_code: str
    area: str
    native: str | None = None


class Line(Struct, frozen=True):
    """A block of telephone numbers, as dialled from abroad and at home."""

    international: str
    national: str


class Country(Struct, frozen=True):
    """One country: how many people of a hundred live there, what they are called, how they are called."""

    code: str
    name: str
    aliases: tuple[str, ...]
    share: int
    cultures: tuple[Culture, ...]
    tlds: tuple[str, ...]
    legal_forms: tuple[str, ...]
    office: Line
    direct: Line
    streets: tuple[str, ...]
    cities: tuple[City, ...]


_NANP = Line("+1 @ 555 01##", "(@) 555-01##")

COUNTRIES: tuple[Country, ...] = (
    Country(
        "US", "United States", ("USA", "US", "U.S.A.", "United States of America"), 34, ("en", "en", "en", "es", "in", "zh"),
        ("com", "com", "io", "co"), ("Inc.", "LLC", "Inc", "Corp."), _NANP, _NANP,
        ("# Market St", "## Harrison Avenue", "### Commerce Blvd, Suite ##0", "#### Mission Street"),
        (
            City("San Francisco", "California", "CA", "94105", "415"), City("New York", "New York", "NY", "10011", "212"),
            City("Austin", "Texas", "TX", "78701", "512"), City("Chicago", "Illinois", "IL", "60607", "312"),
            City("Seattle", "Washington", "WA", "98101", "206"), City("Boston", "Massachusetts", "MA", "02110", "617"),
            City("Denver", "Colorado", "CO", "80202", "303"), City("Los Angeles", "California", "CA", "90017", "213"),
            City("Atlanta", "Georgia", "GA", "30303", "404"), City("Portland", "Oregon", "OR", "97205", "503"),
            City("Miami", "Florida", "FL", "33131", "305"), City("Minneapolis", "Minnesota", "MN", "55401", "612"),
        ),
    ),
    Country(
        "GB", "United Kingdom", ("UK", "Great Britain", "England"), 10, ("en", "en", "in"),
        ("co.uk", "com", "io"), ("Ltd", "Limited", "PLC"),
        Line("+44 @ 0###", "0@ 0###"), Line("+44 @ 0###", "0@ 0###"),
        ("# Bishopsgate", "## High Street", "Unit #, Canal Wharf"),
        (
            City("London", "England", "ENG", "EC2A 4NE", "20 7946"), City("Manchester", "England", "ENG", "M1 2JQ", "161 496"),
            City("Edinburgh", "Scotland", "SCT", "EH2 4AD", "131 496"), City("Leeds", "England", "ENG", "LS1 4DY", "113 496"),
        ),
    ),
    Country(
        "DE", "Germany", ("Deutschland", "DE", "GERMANY"), 9, ("de", "de", "de", "pl"),
        ("de", "de", "com"), ("GmbH", "AG", "GmbH & Co. KG"),
        Line("+49 @ ###", "0@ ###"), Line("+49 @ ###", "0@/###"),
        ("Hauptstraße ##", "Lindenallee #", "Am Speicher #"),
        (
            City("Berlin", "Berlin", "BE", "10117", "30 23125"), City("Hamburg", "Hamburg", "HH", "20457", "40 66969"),
            City("Munich", "Bavaria", "BY", "80331", "89 99998", "München"), City("Frankfurt am Main", "Hesse", "HE", "60311", "69 90009"),
            City("Cologne", "North Rhine-Westphalia", "NW", "50667", "221 4710", "Köln"),
        ),
    ),
    Country(
        "FR", "France", ("FR", "france"), 6, ("fr", "fr", "fr", "ar"),
        ("fr", "fr", "com"), ("SAS", "SA", "SARL"),
        Line("+33 @ ## ##", "0@ ## ##"), Line("+33 @ ## ##", "0@ ## ##"),
        ("## rue de la République", "# avenue Victor Hugo", "## quai des Célestins"),
        (
            City("Paris", "Île-de-France", "IDF", "75011", "1 99 00"), City("Lyon", "Auvergne-Rhône-Alpes", "ARA", "69002", "4 65 71"),
            City("Lille", "Hauts-de-France", "HDF", "59800", "3 53 01"),
        ),
    ),
    Country(
        "ES", "Spain", ("España", "ES"), 5, ("es",),
        ("es", "com"), ("S.L.", "S.A.", "SL"),
        Line("+34 @ ## ##", "@ ## ##"), Line("+34 @ ## ##", "@ ## ##"),
        ("Calle Mayor, ##", "Gran Vía, ##", "Avda. Diagonal, ###"),
        (
            City("Madrid", "Madrid", "MD", "28013", "910 55"), City("Barcelona", "Catalonia", "CT", "08007", "930 55"),
            City("Valencia", "Valencia", "VC", "46002", "960 55"),
        ),
    ),
    Country(
        "IT", "Italy", ("Italia", "IT"), 5, ("it",),
        ("it", "it", "com"), ("S.r.l.", "S.p.A.", "Srl"),
        Line("+39 @ 555 ####", "@ 555 ####"), Line("+39 333 555 ####", "333 555 ####"),
        ("Via Garibaldi ##", "Corso Italia #", "Via dei Mille, ##"),
        (
            City("Milan", "Lombardy", "LOM", "20121", "02", "Milano"), City("Turin", "Piedmont", "PIE", "10121", "011", "Torino"),
            City("Rome", "Lazio", "LAZ", "00184", "06", "Roma"),
        ),
    ),
    Country(
        "NL", "Netherlands", ("The Netherlands", "Nederland", "NL", "Holland"), 4, ("nl",),
        ("nl", "nl", "com"), ("B.V.", "BV", "N.V."),
        Line("+31 @ 555 0###", "0@ 555 0###"), Line("+31 6 5550 ####", "06-5550####"),
        ("Keizersgracht ###", "Stationsplein #", "Oudegracht ##"),
        (
            City("Amsterdam", "North Holland", "NH", "1015 CJ", "20"), City("Utrecht", "Utrecht", "UT", "3511 AA", "30"),
            City("Rotterdam", "South Holland", "ZH", "3011 AD", "10"),
        ),
    ),
    Country(
        "SE", "Sweden", ("Sverige", "SE"), 3, ("se",),
        ("se", "com"), ("AB", "AB"),
        Line("+46 8 465 004 ##", "08-465 004 ##"), Line("+46 70 174 06 ##", "070-174 06 ##"),
        ("Drottninggatan ##", "Storgatan #"),
        (City("Stockholm", "Stockholm", "AB", "111 51", "8"), City("Gothenburg", "Västra Götaland", "O", "411 06", "31", "Göteborg")),
    ),
    Country(
        "PL", "Poland", ("Polska", "PL"), 3, ("pl",),
        ("pl", "com.pl"), ("Sp. z o.o.", "S.A."),
        Line("+48 @ 555 0# ##", "@ 555 0# ##"), Line("+48 512 550 ###", "512 550 ###"),
        ("ul. Marszałkowska ##", "ul. Długa #/##"),
        (City("Warsaw", "Mazovia", "MZ", "00-590", "22", "Warszawa"), City("Kraków", "Lesser Poland", "MA", "31-146", "12")),
    ),
    Country(
        "GR", "Greece", ("Ελλάδα", "GR", "Hellas"), 3, ("el",),
        ("gr", "com"), ("Α.Ε.", "ΕΠΕ", "S.A."),
        Line("+30 @ 0555 0###", "@ 0555 0###"), Line("+30 694 555 0###", "694 555 0###"),
        ("Ermou ##", "Leoforos Kifisias ###"),
        (City("Athens", "Attica", "I", "105 63", "21", "Αθήνα"), City("Piraeus", "Attica", "I", "185 35", "21", "Πειραιάς")),
    ),
    Country(
        "UA", "Ukraine", ("Україна", "UA"), 3, ("uk",),
        ("ua", "com.ua"), ("ТОВ", "LLC"),
        Line("+380 @ 555 0###", "(0@) 555-0###"), Line("+380 50 555 0###", "050 555 0###"),
        ("vul. Khreshchatyk ##", "prosp. Svobody #"),
        (City("Kyiv", "Kyiv City", "30", "01001", "44", "Київ"), City("Lviv", "Lviv", "46", "79000", "32", "Львів")),
    ),
    Country(
        "CN", "China", ("中国", "CN", "P.R. China"), 3, ("zh",),
        ("cn", "com.cn"), ("Co., Ltd.", "有限公司"),
        Line("+86 @ 5550 ####", "0@-5550####"), Line("+86 139 5550 ####", "139 5550 ####"),
        ("# Huaihai Road", "### Shennan Avenue"),
        (City("Shanghai", "Shanghai", "SH", "200021", "21", "上海"), City("Shenzhen", "Guangdong", "GD", "518000", "755", "深圳")),
    ),
    Country(
        "JP", "Japan", ("日本", "JP", "JAPAN"), 3, ("ja",),
        ("jp", "co.jp"), ("K.K.", "株式会社"),
        Line("+81 @ 5550 ####", "0@-5550-####"), Line("+81 90 5550 ####", "090-5550-####"),
        ("#-##-# Shibuya", "#-# Umeda"),
        (City("Tokyo", "Tokyo", "13", "150-0002", "3", "東京"), City("Osaka", "Osaka", "27", "530-0001", "6", "大阪")),
    ),
    Country(
        "AE", "United Arab Emirates", ("UAE", "U.A.E.", "الإمارات"), 2, ("ar", "ar", "in"),
        ("ae", "com"), ("LLC", "FZ-LLC"),
        Line("+971 @ 555 0###", "0@ 555 0###"), Line("+971 50 555 0###", "050 555 0###"),
        ("Sheikh Zayed Road, Tower #",),
        (City("Dubai", "Dubai", "DU", "", "4", "دبي"), City("Abu Dhabi", "Abu Dhabi", "AZ", "", "2", "أبو ظبي")),
    ),
    Country(
        "EG", "Egypt", ("مصر", "EG"), 1, ("ar",),
        ("eg", "com"), ("S.A.E.",),
        Line("+20 @ 2555 0###", "0@ 2555 0###"), Line("+20 100 555 ####", "0100 555 ####"),
        ("## Talaat Harb St",),
        (City("Cairo", "Cairo", "C", "11511", "2", "القاهرة"),),
    ),
    Country(
        "IN", "India", ("IN", "INDIA", "Bharat"), 6, ("in",),
        ("in", "co.in", "com"), ("Pvt. Ltd.", "Private Limited"),
        Line("+91 @ 5550 ####", "0@ 5550 ####"), Line("+91 98 5550 ####", "098 5550 ####"),
        ("## MG Road", "Plot ##, HITEC City"),
        (
            City("Mumbai", "Maharashtra", "MH", "400001", "22"), City("Bengaluru", "Karnataka", "KA", "560001", "80"),
            City("Hyderabad", "Telangana", "TG", "500081", "40"),
        ),
    ),
    Country(
        "BR", "Brazil", ("Brasil", "BR"), 4, ("pt",),
        ("com.br", "com.br"), ("Ltda.", "S.A."),
        Line("+55 @ 5550 ####", "(@) 5550-####"), Line("+55 @ 95550 ####", "(@) 95550-####"),
        ("Av. Paulista, ###", "Rua Augusta, ##"),
        (City("São Paulo", "São Paulo", "SP", "01310-100", "11"), City("Recife", "Pernambuco", "PE", "50030-230", "81")),
    ),
    Country(
        "MX", "Mexico", ("México", "MX"), 2, ("es",),
        ("mx", "com.mx"), ("S.A. de C.V.",),
        Line("+52 @ 5550 ####", "@ 5550 ####"), Line("+52 @ 5551 ####", "@ 5551 ####"),
        ("Av. Reforma ###",),
        (City("Mexico City", "Mexico City", "CMX", "06600", "55", "Ciudad de México"),),
    ),
    Country(
        "CA", "Canada", ("CA", "CANADA"), 3, ("en", "en", "fr"),
        ("ca", "com"), ("Inc.", "Ltd."), _NANP, _NANP,
        ("## King Street W", "### Granville St"),
        (City("Toronto", "Ontario", "ON", "M5H 2N2", "416"), City("Vancouver", "British Columbia", "BC", "V6B 1A1", "604")),
    ),
    Country(
        "AU", "Australia", ("AU", "AUSTRALIA"), 3, ("en",),
        ("com.au", "com.au"), ("Pty Ltd", "Pty. Ltd."),
        Line("+61 @ 5550 ####", "(0@) 5550 ####"), Line("+61 491 57# ###", "0491 57# ###"),
        ("## George Street", "# Collins St"),
        (City("Sydney", "New South Wales", "NSW", "2000", "2"), City("Melbourne", "Victoria", "VIC", "3000", "3")),
    ),
)  # fmt: skip
"""Twenty countries; their shares sum to more than a hundred and are relative."""
