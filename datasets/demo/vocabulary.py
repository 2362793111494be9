"""What the invented companies do, use and are called, and what their people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datasets.names import Culture

BRAND_FIRST = (
    "Amber", "Birch", "Blue", "Bright", "Cedar", "Clear", "Cobalt", "Copper", "Crest", "Delta", "Ember", "Ever", "Fern",
    "Flint", "Glen", "Granite", "Harbor", "Hazel", "Iron", "Juniper", "Kestrel", "Lark", "Linden", "Lumen", "Maple",
    "Meridian", "Mosaic", "Nimbus", "Nova", "Oak", "Onyx", "Orchard", "Pebble", "Pine", "Quartz", "Raven", "River", "Rowan",
    "Sable", "Silver", "Sparrow", "Sterling", "Summit", "Tidal", "Timber", "Umber", "Vantage", "Velvet", "Willow", "Zephyr",
)  # fmt: skip
BRAND_SECOND = (
    "bay", "bridge", "brook", "cove", "dale", "field", "ford", "forge", "gate", "grove", "haven", "hill", "lane", "light",
    "loom", "mark", "mill", "mont", "path", "point", "ridge", "shore", "stone", "vale", "ward", "well", "wick", "works",
)  # fmt: skip


class Industry(Struct, frozen=True):
    """One industry: its name, and the words that companies of it add to their own name."""

    name: str
    words: tuple[str, ...]


INDUSTRIES = (
    Industry("Computer Software", ("Software", "Labs", "Systems", "Cloud")),
    Industry("Information Technology and Services", ("Technologies", "Digital", "Data", "IT Services")),
    Industry("Marketing and Advertising", ("Media", "Agency", "Creative")),
    Industry("Financial Services", ("Capital", "Finance", "Payments")),
    Industry("Logistics and Supply Chain", ("Logistics", "Freight", "Supply")),
    Industry("Hospital & Health Care", ("Health", "Clinics", "Care")),
    Industry("Biotechnology", ("Bio", "Therapeutics", "Genomics")),
    Industry("Renewables & Environment", ("Energy", "Solar", "Renewables")),
    Industry("Machinery", ("Engineering", "Machines", "Robotics")),
    Industry("Food & Beverages", ("Foods", "Bakery", "Beverages")),
    Industry("Management Consulting", ("Consulting", "Advisory", "Partners")),
    Industry("E-Learning", ("Learning", "Academy", "Education")),
    Industry("Real Estate", ("Properties", "Real Estate", "Estates")),
    Industry("Insurance", ("Insurance", "Assurance")),
)

TECHNOLOGIES = (
    "AWS", "Google Cloud", "Microsoft Azure", "Salesforce", "HubSpot", "Snowflake", "PostgreSQL", "Kubernetes", "Docker",
    "Python", "React", "Terraform", "Datadog", "Slack", "Zendesk", "Stripe", "Shopify", "Marketo", "Tableau", "SAP",
    "Jira", "Segment", "Airflow", "dbt", "Cloudflare",
)  # fmt: skip
TECHNOLOGY_SPELLINGS = {
    "AWS": ("Amazon Web Services", "aws", "AWS"),
    "Google Cloud": ("GCP", "Google Cloud Platform"),
    "Microsoft Azure": ("Azure", "MS Azure"),
    "PostgreSQL": ("Postgres", "postgresql"),
    "Kubernetes": ("k8s", "kubernetes"),
    "Salesforce": ("SFDC", "Salesforce CRM"),
}
"""Other ways in which the technology list writes some of them."""

COMPANY_SPELLINGS = {
    "Technologies": "Tech", "Engineering": "Eng.", "Systems": "Sys", "Consulting": "Consult.", "Insurance": "Ins.",
    "Partners": "Ptrs", "Properties": "Props", "Education": "Edu",
}  # fmt: skip
"""How sloppy files shorten a word of a company's name."""

TITLES = {
    "Revenue Operations": (
        "Revenue Operations Manager", "Director of Revenue Operations", "VP Revenue Operations",
        "Head of Revenue Operations", "Revenue Operations Analyst", "Senior Manager, Revenue Operations",
    ),
    "Sales": ("Account Executive", "Sales Manager", "VP Sales", "Sales Development Representative", "Head of Sales", "Regional Sales Director"),
    "Marketing": ("Marketing Manager", "Head of Growth", "Chief Marketing Officer", "Content Strategist", "Demand Generation Manager"),
    "Engineering": ("Software Engineer", "Senior Software Engineer", "Engineering Manager", "VP Engineering", "Data Engineer", "Chief Technology Officer"),
    "Finance": ("Financial Analyst", "Controller", "Chief Financial Officer", "Finance Director", "Accountant"),
    "People": ("HR Manager", "Talent Acquisition Specialist", "Chief People Officer", "HR Business Partner"),
    "Product": ("Product Manager", "Senior Product Manager", "Chief Product Officer", "Product Designer"),
    "Operations": ("Operations Manager", "Chief Operating Officer", "Supply Chain Analyst", "Procurement Manager"),
    "Customer": ("Customer Success Manager", "Support Engineer", "Head of Customer Success"),
    "General": ("Chief Executive Officer", "Founder", "Managing Director", "Owner", "Partner", "Executive Assistant"),
    "Legal": ("General Counsel", "Compliance Officer"),
}  # fmt: skip
"""Titles by department, as the better files write them."""

TITLE_SPELLINGS = {
    "Vice President": "VP", "VP": "Vice President", "Chief Executive Officer": "CEO", "Chief Technology Officer": "CTO",
    "Chief Financial Officer": "CFO", "Chief Marketing Officer": "CMO", "Chief Operating Officer": "COO",
    "Senior": "Sr.", "Manager": "Mgr", "Director of": "Director,", "Revenue Operations": "RevOps",
    "Software Engineer": "SWE", "Sales Development Representative": "SDR", "Head of": "Head,",
}  # fmt: skip
"""How titles are shortened or spelled out."""

LOCAL_TITLES: dict[Culture, dict[str, str]] = {
    "de": {"Managing Director": "Geschäftsführer", "Head of Sales": "Vertriebsleiter", "Software Engineer": "Softwareentwickler"},
    "fr": {"Managing Director": "Directeur général", "Marketing Manager": "Responsable marketing", "Sales Manager": "Responsable commercial"},
    "es": {"Managing Director": "Director General", "Sales Manager": "Gerente de Ventas", "Marketing Manager": "Gerente de Marketing"},
    "it": {"Managing Director": "Amministratore delegato", "Sales Manager": "Responsabile vendite"},
    "pt": {"Managing Director": "Diretor Geral", "Sales Manager": "Gerente de Vendas", "Software Engineer": "Engenheiro de Software"},
    "ja": {"Sales Manager": "営業部長", "Chief Executive Officer": "代表取締役社長", "Software Engineer": "ソフトウェアエンジニア"},
    "zh": {"Chief Executive Officer": "首席执行官", "Sales Manager": "销售经理", "Software Engineer": "软件工程师"},
    "uk": {"Managing Director": "Генеральний директор", "Sales Manager": "Менеджер з продажу", "Accountant": "Бухгалтер"},
    "el": {"Chief Executive Officer": "Διευθύνων Σύμβουλος", "Sales Manager": "Διευθυντής Πωλήσεων"},
    "ar": {"Chief Executive Officer": "الرئيس التنفيذي", "Sales Manager": "مدير المبيعات"},
}  # fmt: skip
"""Titles in the language of the country."""

SKILLS = (
    "Python", "SQL", "Salesforce", "Negotiation", "Forecasting", "HubSpot", "Public Speaking", "Excel", "Machine Learning",
    "Project Management", "SEO", "Budgeting", "Leadership", "Kubernetes", "Data Analysis", "Account Management", "Copywriting",
    "Recruiting", "Pricing", "Customer Success",
)  # fmt: skip

NATIVE_COMPANIES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "JP": (("Asahina Robotics", "朝比奈ロボティクス株式会社", "asahina-robotics"), ("Minamoto Foods", "みなもと食品株式会社", "minamoto-foods")),
    "CN": (("Yunhe Data Technology", "云河数据科技有限公司", "yunhedata"), ("Lanting Logistics", "兰亭物流有限公司", "lantinglogistics")),
    "GR": (("Thalassa Shipping", "Θάλασσα Ναυτιλιακή Α.Ε.", "thalassashipping"), ("Elaionas Foods", "Ελαιώνας Τρόφιμα Α.Ε.", "elaionas")),
    "UA": (("Dnipro Soft", "ТОВ «Дніпро Софт»", "dniprosoft"), ("Zoria Agro", "ТОВ «Зоря Агро»", "zoriaagro")),
    "AE": (("Nakheel Data Systems", "نخيل لنظم البيانات ش.ذ.م.م", "nakheeldata"),),
    "EG": (("Nile Learning", "النيل للتعليم ش.م.م", "nilelearning"),),
}  # fmt: skip
"""Companies known by a name in their own script: Latin name, native name, domain label."""
