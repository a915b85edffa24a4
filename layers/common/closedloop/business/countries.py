"""Which country a number belongs to, and which numbers cost or are free: no code is sent there.

Calling codes as ITU-T E.164 lists them. Codes are sent to the countries that a business allows,
its own unless the settings say otherwise.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from closedloop.core.rows import Row

_CODES = """
RU7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 RO40 CH41 AT43 GB44 DK45 SE46 NO47 PL48 DE49 PE51
MX52 CU53 AR54 BR55 CL56 CO57 VE58 MY60 AU61 ID62 PH63 NZ64 SG65 TH66 JP81 KR82 VN84 CN86 TR90 IN91
PK92 AF93 LK94 MM95 IR98 SS211 MA212 DZ213 TN216 LY218 GM220 SN221 MR222 ML223 GN224 CI225 BF226
NE227 TG228 BJ229 MU230 LR231 SL232 GH233 NG234 TD235 CF236 CM237 CV238 ST239 GQ240 GA241 CG242
CD243 AO244 GW245 IO246 SC248 SD249 RW250 ET251 SO252 DJ253 KE254 TZ255 UG256 BI257 MZ258 ZM260
MG261 RE262 ZW263 NA264 MW265 LS266 BW267 SZ268 KM269 SH290 ER291 AW297 FO298 GL299 GI350 PT351
LU352 IE353 IS354 AL355 MT356 CY357 FI358 BG359 LT370 LV371 EE372 MD373 AM374 BY375 AD376 MC377
SM378 VA379 UA380 RS381 ME382 XK383 HR385 SI386 BA387 MK389 CZ420 SK421 LI423 FK500 BZ501 GT502
SV503 HN504 NI505 CR506 PA507 PM508 HT509 GP590 BO591 GY592 EC593 GF594 PY595 MQ596 SR597 UY598
CW599 TL670 NF672 BN673 NR674 PG675 TO676 SB677 VU678 FJ679 PW680 WF681 CK682 NU683 WS685 KI686
NC687 TV688 PF689 TK690 FM691 MH692 KP850 HK852 MO853 KH855 LA856 BD880 TW886 MV960 LB961 JO962
SY963 IQ964 KW965 SA966 YE967 OM968 PS970 AE971 IL972 BH973 QA974 BT975 MN976 NP977 TJ992 TM993
AZ994 GE995 KG996 UZ998
"""
_NORTH_AMERICA = """
BS242 BB246 AI264 AG268 VG284 VI340 KY345 BM441 GD473 TC649 JM658 JM876 MP670 GU671 AS684 SX721
LC758 DM767 VC784 PR787 PR939 DO809 DO829 DO849 TT868 KN869
CA204 CA226 CA236 CA249 CA250 CA257 CA263 CA289 CA306 CA343 CA354 CA365 CA367 CA368 CA382 CA387
CA403 CA416 CA418 CA428 CA431 CA437 CA438 CA450 CA460 CA468 CA474 CA506 CA514 CA519 CA548 CA579
CA581 CA584 CA587 CA600 CA604 CA613 CA622 CA639 CA647 CA672 CA683 CA705 CA709 CA742 CA753 CA778
CA780 CA782 CA807 CA819 CA825 CA867 CA873 CA879 CA902 CA905 CA942
"""
_COSTLY_OR_FREE = re.compile(
    r"\+(?:1(?:8(?:00|22|33|44|55|66|77|88)|900|700|5(?:2[1-9]|33|44|66|77|88))"
    r"|1[2-9][0-9]{2}976"
    r"|44(?:8|9|70|76)|49(?:900|800|180|137|70|118)|33(?:8)|34(?:80|90)|39(?:89|80|199)"
    r"|31(?:800|90|87|88)|61(?:18|13|19)|353(?:15|18)|52(?:800|900)|41(?:80|84|90)|43(?:8|9)"
    r"|32(?:80|90|70)|64(?:800|900)|91(?:1800|1860)|55(?:800|900|300|0800|0900))[0-9]*"
)
"""Toll-free, shared-cost, premium and personal numbers of the countries that are texted most.

Not +1 500: Twilio's numbers for tests are there."""


def country(number: str) -> str | None:
    """The country (ISO 3166) of a number in E.164; None if the number is no country's."""
    if number.startswith("+1"):
        return _areas().get(number[2:5], "US")
    code = calling_code(number)
    return None if code is None else _countries()[code]


def calling_code(number: str) -> str | None:
    """The calling code that a number in E.164 begins with."""
    if number.startswith("+1"):
        return "1"
    if number.startswith("+77"):
        return "77"
    return next((number[1:end] for end in (2, 3, 4) if number[1:end] in _countries()), None)


def known(country_code: str) -> bool:
    """Whether this is the code of a country that has numbers."""
    return country_code == "US" or country_code in {*_countries().values(), *_areas().values()}


def allowed(number: str, settings: Row) -> bool:
    """Whether the business sends codes to a number: of its countries, neither costly nor free."""
    if _COSTLY_OR_FREE.fullmatch(number):
        return False
    return country(number) in (settings.get("text_countries") or own(settings))


def own(settings: Row) -> list[str]:
    """The country of the business, by its own number."""
    number = our_number(settings)
    found = country(number) if number else None
    return [found] if found else []


def home(settings: Row) -> str | None:
    """The calling code by which national numbers are read."""
    number = our_number(settings)
    return calling_code(number) if number else None


def our_number(settings: Row) -> str | None:
    """The number that the business texts from, else the one that it is called at."""
    return settings.get("sms_number") or settings.get("phone")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return {each[2:]: each[:2] for each in _CODES.split()} | {"77": "KZ"}


@lru_cache(maxsize=1)
def _areas() -> dict[str, str]:
    return {each[2:]: each[:2] for each in _NORTH_AMERICA.split()}
