"""How a file writes a person and a job down: names, companies and titles as people of its trade type them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from datasets import words
from datasets.demo import damage

if TYPE_CHECKING:
    from random import Random

    from datasets.demo.values import Job, Person


class Habit(Struct, frozen=True):
    """How careless a file is: the probability of each thing that happens to a person in it."""

    native: float  # written in the script of their culture
    nickname: float  # called by their nickname, for those who have one
    typo: float
    plain: float  # accents dropped
    earlier: float  # the job before is still on record, for those who had one


def in_every_file(person: Person) -> bool:
    """Whether this is one of the people of the API reference, whose rows are complete and in all files."""
    return person.id <= "p0003"


def spelled(random: Random, person: Person, habit: Habit) -> tuple[str, str]:
    """The given and the family name as a file of that habit has them."""
    called = person.called
    if called.given.native and called.family.native and random.random() < habit.native:
        return called.given.native, called.family.native
    given, family = called.given.latin, called.family.latin
    if called.nickname and random.random() < habit.nickname:
        given = called.nickname
    if random.random() < habit.typo:
        given, family = random.choice(
            ((damage.typo(random, given), family), (given, damage.typo(random, family)))
        )
    if random.random() < habit.plain:
        given, family = damage.no_accents(given), damage.no_accents(family)
    return given, family


def job_on_record(random: Random, person: Person, habit: Habit) -> Job:
    """The job that a file of that habit knows of."""
    return person.earlier if person.earlier and random.random() < habit.earlier else person.job


def company(random: Random, job: Job) -> str:
    """The company of a job as people write it."""
    if job.company.native_name and random.random() < 0.35:
        return job.company.native_name
    return damage.company(random, job.company.name, job.company.legal_name)


def title(random: Random, person: Person, job: Job) -> str:
    """The title of a job as people write it, now and then in the language of the country."""
    local = words.local_titles().get((person.called.culture, job.title))
    return local if local and random.random() < 0.4 else damage.title(random, job.title)


def day(random: Random, job: Job) -> dt.date:
    """A day on which the job was the current one, within its last thousand days."""
    first = max(job.since, job.until - dt.timedelta(days=1000))
    return first + dt.timedelta(days=random.randint(0, (job.until - first).days))


def country(random: Random, person: Person) -> str:
    """The person's country under one of its names."""
    return random.choice((person.country.name, person.country.name, *person.country.aliases))
