"""Vendor layouts: exports whose columns are known by name, as data.

A layout is chosen by name in the sources file, or recognized when all of its ``sign`` columns stand in a
file whose layout is ``guess``. Columns that a layout does not list are guessed as in any other file.

Sources: the export of connections documented by LinkedIn ("Export connections from LinkedIn"), the standard
object reference of Salesforce (Contact, Lead, Account), HubSpot's default contact and company properties,
Google Contacts' CSV export (both column sets), Outlook's CSV export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Layout(Struct, frozen=True, kw_only=True):
    """The columns of one vendor's export.

    Attributes:
        record: what a row is.
        sign: columns that only this export has together.
        columns: their column -> role; ``ignore`` for columns that guessing would take for something else.
    """

    record: Literal["person", "company"]
    sign: tuple[str, ...]
    columns: dict[str, str]


LAYOUTS: dict[str, Layout] = {
    "linkedin_connections": Layout(
        record="person",
        sign=("First Name", "Last Name", "Company", "Position", "Connected On"),
        columns={
            "First Name": "given_name",
            "Last Name": "family_name",
            "URL": "linkedin",
            "Email Address": "email",
            "Company": "company",
            "Position": "title",
            "Connected On": "ignore",  # when two people met, not when the row was true
        },
    ),
    "salesforce_contacts": Layout(
        record="person",
        sign=("FirstName", "LastName", "MailingCity"),
        columns={
            "Id": "source_record_id",
            "Salutation": "title_before_name",
            "FirstName": "given_name",
            "MiddleName": "middle_name",
            "LastName": "family_name",
            "Suffix": "name_suffix",
            "Email": "email",
            "Phone": "phone",
            "MobilePhone": "phone",
            "OtherPhone": "phone",
            "HomePhone": "phone",
            "AssistantPhone": "ignore",
            "AssistantName": "ignore",
            "Fax": "ignore",
            "Title": "title",
            "Department": "department",
            "Account.Name": "company",
            "AccountName": "company",
            "AccountId": "ignore",
            "OwnerId": "ignore",
            "ReportsToId": "ignore",
            "MailingStreet": "address",
            "MailingCity": "city",
            "MailingState": "region",
            "MailingPostalCode": "postal_code",
            "MailingCountry": "country",
            "Birthdate": "birth_date",
            "LastModifiedDate": "observed_at",
            "CreatedDate": "ignore",
        },
    ),
    "salesforce_accounts": Layout(
        record="company",
        sign=("Name", "BillingCity", "NumberOfEmployees"),
        columns={
            "Id": "source_record_id",
            "Name": "company",
            "Website": "domain",
            "Phone": "phone",
            "Fax": "ignore",
            "Industry": "industry",
            "NumberOfEmployees": "headcount",
            "YearStarted": "founded",
            "DunsNumber": "identifier",
            "BillingStreet": "address",
            "BillingCity": "city",
            "BillingState": "region",
            "BillingPostalCode": "postal_code",
            "BillingCountry": "country",
            "OwnerId": "ignore",
            "ParentId": "ignore",
            "LastModifiedDate": "observed_at",
            "CreatedDate": "ignore",
        },
    ),
    "hubspot_contacts": Layout(
        record="person",
        sign=("Record ID", "First Name", "Last Name", "Email", "Lifecycle Stage"),
        columns={
            "Record ID": "source_record_id",
            "First Name": "given_name",
            "Last Name": "family_name",
            "Email": "email",
            "Additional email addresses": "email",
            "Phone Number": "phone",
            "Mobile Phone Number": "phone",
            "Job Title": "title",
            "Company Name": "company",
            "Associated Company": "company",
            "Website URL": "domain",
            "Industry": "industry",
            "Street Address": "address",
            "City": "city",
            "State/Region": "region",
            "Postal Code": "postal_code",
            "Country/Region": "country",
            "Last Modified Date": "observed_at",
            "Create Date": "ignore",
            "Contact owner": "ignore",
            "Associated Company IDs": "ignore",
        },
    ),
    "hubspot_companies": Layout(
        record="company",
        sign=("Record ID", "Company name", "Company Domain Name"),
        columns={
            "Record ID": "source_record_id",
            "Company name": "company",
            "Company Domain Name": "domain",
            "Website URL": "domain",
            "Phone Number": "phone",
            "Industry": "industry",
            "Number of Employees": "headcount",
            "Year Founded": "founded",
            "Street Address": "address",
            "City": "city",
            "State/Region": "region",
            "Postal Code": "postal_code",
            "Country/Region": "country",
            "LinkedIn Company Page": "company_linkedin",
            "Web Technologies": "technology",
            "Last Modified Date": "observed_at",
            "Create Date": "ignore",
            "Company owner": "ignore",
        },
    ),
    "google_contacts": Layout(
        record="person",
        sign=("E-mail 1 - Value", "Phone 1 - Value"),
        columns={
            "Name": "full_name",
            "First Name": "given_name",
            "Given Name": "given_name",
            "Middle Name": "middle_name",
            "Additional Name": "middle_name",
            "Last Name": "family_name",
            "Family Name": "family_name",
            "Name Prefix": "title_before_name",
            "Name Suffix": "name_suffix",
            "Birthday": "birth_date",
            "Organization Name": "company",
            "Organization 1 - Name": "company",
            "Organization Title": "title",
            "Organization 1 - Title": "title",
            "Organization Department": "department",
            "Organization 1 - Department": "department",
            **{f"E-mail {n} - Value": "email" for n in range(1, 6)},
            **{f"E-mail {n} - Label": "ignore" for n in range(1, 6)},
            **{f"Phone {n} - Value": "phone" for n in range(1, 6)},
            **{f"Phone {n} - Label": "ignore" for n in range(1, 6)},
            "Address 1 - Street": "address",
            "Address 1 - City": "city",
            "Address 1 - Region": "region",
            "Address 1 - Postal Code": "postal_code",
            "Address 1 - Country": "country",
            "Website 1 - Value": "ignore",
            "Photo": "ignore",
            "Labels": "ignore",
            "Notes": "ignore",
        },
    ),
    "outlook_contacts": Layout(
        record="person",
        sign=("First Name", "Last Name", "E-mail Address", "Business Phone"),
        columns={
            "Title": "title_before_name",
            "First Name": "given_name",
            "Middle Name": "middle_name",
            "Last Name": "family_name",
            "Suffix": "name_suffix",
            "Company": "company",
            "Department": "department",
            "Job Title": "title",
            "E-mail Address": "email",
            "E-mail 2 Address": "email",
            "E-mail 3 Address": "email",
            "Business Phone": "phone",
            "Business Phone 2": "phone",
            "Mobile Phone": "phone",
            "Home Phone": "phone",
            "Business Fax": "ignore",
            "Home Fax": "ignore",
            "Business Street": "address",
            "Business City": "city",
            "Business State": "region",
            "Business Postal Code": "postal_code",
            "Business Country/Region": "country",
            "Birthday": "birth_date",
            "Web Page": "ignore",
        },
    ),
}


def recognized(columns: Iterable[str], record: str) -> str | None:
    """The name of the layout whose sign columns all stand in ``columns``; None when there is none.

    >>> recognized(["First Name", "Last Name", "Company", "Position", "Connected On"], "person")
    'linkedin_connections'
    """
    present = set(columns)
    for name, layout in LAYOUTS.items():
        if layout.record == record and present.issuperset(layout.sign):
            return name
    return None
