"""Who looks at every page, and in which companies of the demo."""

SLUG, NEW = "verkstad", "lager"  # one of each thing; nothing yet
NAMES = ("nils", "lukasz", "noor", "linnea", "astrid")
ADMIN, EMPLOYEE, LEAVER, INVITED, TWO_FACTORS = (f"{name}@verkstad.example" for name in NAMES)
FIRST, OPERATOR = "per.chen@nordvik.example", "operator@velory.example"
