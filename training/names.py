"""Invented people and titles of other countries, for the variations of training articles."""

from __future__ import annotations

PEOPLE: dict[str, list[str]] = {
    "Russia": "Yuri Ushanov;Dmitry Pestrov;Maria Zakharina;Sergei Lavrin;Olga Sokolova;Kirill Dmitrin;Anton Belov;Irina Volkova;Nikolai Gromov;Alexei Sidorenko",
    "Ukraine": "Andriy Shevchuk;Oleksandr Bondar;Iryna Vereshko;Serhiy Nykyforenko;Olena Kravets;Mykhailo Podolyan;Dmytro Kulyk;Taras Hnatyuk",
    "Britain": "Alistair Pemberton;Gemma Hartley;Rishi Banerjee;Siobhan Kerr;Nigel Ashworth;Fiona Macrae;Hamza Yusuf;Bronwen Pryce;Tobias Elwood",
    "India": "Narendra Mohite;Priya Raghavan;Subrahmanyam Jain;Arvind Swamy;Mamata Chatterjee;Anjali Deshmukh;Harpreet Gill;Rahul Gadkari;Shashi Menon",
    "China": "Wang Yilin;Zhao Lijun;Hua Mingying;Mao Ningbo;Li Qiangwei;Chen Xiaodong;Liu Penghua",
    "Germany": "Jürgen Baumgart;Annalena Bärwald;Olaf Scholten;Katrin Göhring;Uwe Steinhauer;Friedrich Merten;Sabine Köhler",
    "France": "François Delorme;Élodie Beaumont;Jean-Noël Barreau;Mathilde Lefèvre;Gérald Marin;Aurélie Rousset",
    "Turkey": "Recep Yıldız;Hakan Fidanoğlu;Ömer Çeliker;Zeynep Şahin;Mevlüt Kaya;Fahrettin Altın",
    "Arab states": "Hassan al-Masri;Leila Haddad;Abdel Fattah Mansour;Khaled Darwish;Noura al-Sayed;Mahmoud Khalil",
    "Africa": "Chinedu Okafor;Amina Bello;Kwame Asante;Thabo Mokoena;Wanjiru Kamau;Julius Mutua;Fatou Diallo;Cyril Ramaphela",
    "Latin America": "José Hernández;Luiz Ferreira;Gabriela Pinheiro;Andrés Obregón;Camila Rojas;Nicolás Madera;Claudia Sheinberg",
    "Japan and Korea": "Shinzo Abemura;Haruka Tanaka;Yoshihide Sugawa;Kim Jong-hwan;Park Geun-sook;Lee Jae-min",
    "Israel and Iran": "Benjamin Netanel;Yael Lapidot;Avigdor Ganz;Hossein Zarifi;Abbas Araghi;Maryam Rouhani",
    "Italy and Spain": "Matteo Salvati;Giulia Meloni;Antonio Tajano;Pedro Sánchez Ruiz;Yolanda Díez;Carmen Calvino",
}
PEOPLE = {country: names.split(";") for country, names in ((c, str(n)) for c, n in PEOPLE.items())}

TITLES: dict[str, list[str]] = {
    "Sen.": ["MP", "Senator", "Deputy", "Lord", "Lok Sabha member"],
    "Rep.": ["MP", "Deputy", "MEP", "MLA", "Councillor"],
    "Gov.": ["Chief Minister", "Governor", "First Minister", "Premier", "Mayor"],
    "campaign manager": ["presidential aide", "chief of staff", "press secretary", "party chairman"],
    "campaign spokesman": [
        "Kremlin spokesman",
        "foreign ministry spokesman",
        "Downing Street spokesman",
        "government spokesman",
    ],
    "campaign spokeswoman": ["foreign ministry spokeswoman", "party spokeswoman", "BJP spokesperson"],
    "the Trump campaign": [
        "the foreign ministry",
        "the Kremlin",
        "Downing Street",
        "the opposition party",
        "the Élysée",
    ],
    "the Clinton campaign": ["the defence ministry", "the prime minister’s office", "Number 10", "the governing party"],
    "White House": ["Kremlin", "Élysée Palace", "Blue House", "Chancellery", "Presidential Palace"],
    "the State Department": ["the Foreign Office", "the Ministry of External Affairs", "the Foreign Ministry"],
    "the Justice Department": ["the Crown Prosecution Service", "the Prosecutor General’s Office", "the Home Ministry"],
    "the F.B.I.": ["the FSB", "the Metropolitan Police", "the CBI", "the federal police"],
    "FBI": ["SBU", "FSB", "CBI", "Interpol"],
    "Congress": ["parliament", "the Duma", "the Bundestag", "the Verkhovna Rada", "the Lok Sabha"],
    "the Senate": ["the House of Lords", "the Federation Council", "the Rajya Sabha", "the upper house"],
    "Senate": ["Bundesrat", "Senate", "Seimas", "Knesset"],
    "Republicans": ["Conservatives", "Tories", "Christian Democrats", "Congress members"],
    "Democrats": ["Labour MPs", "Social Democrats", "Liberals", "Communists"],
    "Republican": ["Conservative", "nationalist", "BJP", "United Russia"],
    "Democratic": ["Labour", "Socialist", "Congress", "Green"],
}
