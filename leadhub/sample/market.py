"""Where StockWise sells: countries, cities, names, industries and jobs, with how common each is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Land:
    """A country as the sample needs it; `share` of companies are there, `hour` is its offset from UTC."""

    name: str
    share: int
    hour: int
    phone: str
    cities: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    firm_words: tuple[str, ...]
    firm_ends: tuple[str, ...]


LANDS = (
    Land(
        "Poland", 38, 1, "+48 6",
        ("Warszawa", "Poznań", "Wrocław", "Łódź", "Gdańsk", "Kraków", "Katowice", "Lublin"),
        ("Anna", "Piotr", "Katarzyna", "Tomasz", "Agnieszka", "Marcin", "Magdalena", "Paweł", "Joanna", "Michał", "Ewa",
         "Krzysztof", "Monika", "Łukasz", "Beata", "Grzegorz", "Zofia", "Jakub", "Żaneta", "Stanisław"),
        ("Kowalczyk", "Wiśniewska", "Wójcik", "Kamińska", "Lewandowski", "Zielińska", "Szymański", "Woźniak", "Dąbrowska",
         "Kozłowski", "Jankowska", "Mazur", "Krawczyk", "Piotrowska", "Grabowski", "Pawlak", "Michalska", "Król", "Wróbel",
         "Jabłońska", "Stępień", "Adamczyk", "Brzęczyszczykiewicz"),
        ("Bałtyk", "Mazowsze", "Orzeł", "Wisła", "Polmax", "Sudety", "Warta", "Karpaty", "Kujawy", "Hanza", "Tatra", "Nowa",
         "Silesia", "Podlasie", "Eurotor", "Gryf"),
        ("Logistyka", "Dystrybucja", "Hurtownie", "Magazyny", "Spedycja", "Meble", "Pharma", "Auto Części", "Elektro", "Fresh"),
    ),
    Land(
        "Indonesia", 32, 7, "+62 81",
        ("Jakarta", "Surabaya", "Bandung", "Medan", "Semarang", "Makassar", "Tangerang", "Bekasi"),
        ("Dewi", "Budi", "Ayu", "Agus", "Siti", "Rizky", "Putri", "Andi", "Ratna", "Eko", "Wulan", "Hendra", "Fitri", "Bayu",
         "Indah", "Yusuf", "Mega", "Dimas", "Kartika", "Fajar"),
        ("Lestari", "Santoso", "Wijaya", "Pratama", "Hidayat", "Saputra", "Kusuma", "Siregar", "Nugroho", "Rahmawati",
         "Setiawan", "Wibowo", "Halim", "Simanjuntak", "Permata", "Gunawan", "Maharani", "Utami", "Nasution", "Tanjung"),
        ("Nusantara", "Garuda", "Samudra", "Bintang", "Sinar", "Mitra", "Maju", "Indo", "Surya", "Jaya", "Rajawali", "Sentosa",
         "Bahari", "Mandiri", "Anugerah", "Cahaya"),
        ("Logistics", "Distribusi", "Gudang", "Retail", "Cargo", "Pangan", "Farma", "Elektronik", "Tekstil", "Niaga"),
    ),
    Land(
        "Germany", 11, 1, "+49 17",
        ("Hamburg", "Leipzig", "Köln", "Berlin", "Duisburg", "Nürnberg"),
        ("Jürgen", "Sabine", "Thomas", "Katrin", "Stefan", "Ute", "Markus", "Anja", "Lena", "Jonas"),
        ("Müller", "Schäfer", "Hoffmann", "Krüger", "Vogel", "Lindner", "Böhm", "Richter", "Fuchs", "Weiß"),
        ("Nord", "Rhein", "Hanse", "Elbe", "Alster", "Main", "Brücken", "Falken"),
        ("Logistik", "Handel", "Lager", "Spedition", "Technik", "Versand"),
    ),
    Land(
        "Czechia", 8, 1, "+420 7",
        ("Praha", "Brno", "Ostrava", "Plzeň"),
        ("Jan", "Lucie", "Petr", "Tereza", "Jiří", "Hana", "Ondřej", "Markéta"),
        ("Novák", "Dvořáková", "Procházka", "Kučerová", "Veselý", "Horák", "Němcová", "Pokorný"),
        ("Morava", "Vltava", "Bohemia", "Lev", "Hrad", "Jantar"),
        ("Logistika", "Sklady", "Obchod", "Doprava", "Velkoobchod"),
    ),
    Land(
        "Malaysia", 7, 8, "+60 1",
        ("Kuala Lumpur", "Penang", "Johor Bahru", "Shah Alam"),
        ("Aisyah", "Wei Ling", "Farid", "Nurul", "Kumar", "Mei", "Hafiz", "Priya"),
        ("binti Rahman", "Tan", "bin Ismail", "Lim", "Subramaniam", "Wong", "Abdullah", "Chong"),
        ("Selat", "Melaka", "Sunway", "Harimau", "Oriental", "Kris"),
        ("Logistics", "Trading", "Warehouse", "Foods", "Supplies"),
    ),
    Land(
        "Netherlands", 4, 1, "+31 6",
        ("Rotterdam", "Eindhoven", "Venlo", "Tilburg"),
        ("Sanne", "Daan", "Femke", "Bram", "Lotte", "Joost"),
        ("de Vries", "van den Berg", "Jansen", "Bakker", "Smit", "van Dijk"),
        ("Maas", "Delta", "Polder", "Haven", "Tulp"),
        ("Logistiek", "Opslag", "Distributie", "Groothandel"),
    ),
)  # fmt: skip

#: industry, type of business, share, how well it fits warehouse software (0 to 1)
INDUSTRIES = (
    ("Logistics", "B2B logistics provider", 22, 1.0),
    ("Wholesale", "B2B distributor", 20, 0.95),
    ("Retail", "Retail chain", 16, 0.8),
    ("Manufacturing", "B2B manufacturer", 18, 0.85),
    ("E-commerce", "Online shop", 10, 0.75),
    ("Food", "B2B distributor", 6, 0.7),
    ("Media", "Agency", 4, 0.1),
    ("Education", "School", 2, 0.05),
    ("Consulting", "Consultancy", 2, 0.15),
)

#: employees (from, to), share, revenue band
SIZES = (
    ((3, 9), 12, "under 1 M"),
    ((10, 49), 28, "1 to 5 M"),
    ((50, 249), 34, "5 to 25 M"),
    ((250, 999), 19, "25 to 100 M"),
    ((1000, 6000), 7, "over 100 M"),
)

#: job title, seniority, department, share, how well it fits
JOBS = (
    ("Warehouse manager", "Manager", "Operations", 13, 0.85),
    ("Head of operations", "Director", "Operations", 7, 1.0),
    ("Logistics manager", "Manager", "Logistics", 11, 0.85),
    ("Supply chain director", "Director", "Logistics", 5, 1.0),
    ("Chief operating officer", "C-level", "Operations", 3, 1.0),
    ("Managing director", "C-level", "Management", 4, 0.95),
    ("IT manager", "Manager", "IT", 10, 0.7),
    ("VP supply chain", "VP", "Logistics", 2, 1.0),
    ("Procurement specialist", "Specialist", "Purchasing", 14, 0.4),
    ("Inventory analyst", "Specialist", "Operations", 14, 0.45),
    ("ERP consultant", "Specialist", "IT", 8, 0.3),
    ("Warehouse assistant", "Junior", "Operations", 9, 0.1),
)
