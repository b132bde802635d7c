"""The tables of the key ring: which keys there are, which processes hold them, and whether the register takes a row."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from register.columns import RegisterTable, UtcDateTime


class RingKey(RegisterTable, table=True):
    """A key of the ring by its id and fingerprint, from which nobody can work out the key.

    Offered for reading until ``active_from``, active until ``active_until``, then kept for reading. ``lost_at`` is when
    somebody declared that nobody has it any more.
    """

    __tablename__ = "ring_keys"

    id: str = Field(primary_key=True)
    fingerprint: str
    offered_at: datetime = Field(sa_type=UtcDateTime)
    active_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    active_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lost_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RingHolder(RegisterTable, table=True):
    """A running process that encrypts: ``fingerprints`` are, by id as JSON, those of the keys it holds and would find
    again if it started now; ``fault`` says what is wrong with its key file. Instants are the database's own."""

    __tablename__ = "ring_holders"

    id: str = Field(primary_key=True)
    what: str
    host: str
    pid: int
    fingerprints: str = Field(sa_type=Text)
    fault: str = Field(sa_type=Text)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class WriteCheck(RegisterTable, table=True):
    """The row that somebody writes to see that the register can be written."""

    __tablename__ = "write_checks"

    what: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
