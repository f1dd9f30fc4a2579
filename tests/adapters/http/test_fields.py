"""The grammars at every door: what is no plain amount, day, id or text never comes in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from adapters.http.bodies import read_model
from adapters.http.erp_queries import InvoiceQuery, OrderQuery, PaymentQuery
from adapters.http.erp_schemas import InvoiceIn, InvoicePatch, LineIn
from adapters.http.errors import FieldsInvalid
from adapters.http.fields import AmountText, Currency, Day, DocumentId, LongText, Named, money_at
from adapters.http.storefront_schemas import ListQuery, PaymentIn
from domain.errors import AmountInvalid, LinesRefused


class Form(BaseModel):
    amount: AmountText = "1"
    day: Day | None = None
    document: DocumentId = "01a2b3c4-0000-7000-8000-000000000000"
    currency: Currency = "USD"
    name: Named = "x"
    text: LongText = ""


def refusal_of(**values) -> str:
    """The sentence for the one wrong field."""
    with pytest.raises(FieldsInvalid) as refused:
        read_model(Form, values)
    assert [path for path, _ in refused.value.fields] == list(values)
    return refused.value.sentence


HOSTILE = [
    "1e3", "1E3", "NaN", "Infinity", "-Infinity", "1_000", "１０", "٣", "1,000.00", "12,50", " 1", "1 ", "1\n", "+1",
    "0x10", "1.", ".5", "1..2", "--1", "", "1" * 13, "1.123456789", "½", "1e400", "0b1", "1\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", [*HOSTILE, 1, 1.5, True, None, ["1"], {"a": "1"}])
def test_an_amount_that_is_not_plain_digits_is_refused(text):
    """T-15."""
    assert "amount" in refusal_of(amount=text)


@pytest.mark.parametrize("text", ["0", "-1", "1.00", "000001.10", "999999999999.99"])
def test_plain_digits_are_an_amount(text):
    assert read_model(Form, {"amount": text}).amount == text


WANTED = "01a2b3c4-0000-7000-8000-000000000000"


def what_is_read(text: str) -> int | str:
    """Minor units a buyer's text is read as, or the code of its refusal."""
    form = read_model(PaymentIn, {"currency": "USD", "lines": [{"invoice_id": WANTED, "amount": text}]})
    try:
        return form.wanted()[WANTED].minor
    except LinesRefused as refused:
        return refused.lines[WANTED].code


@pytest.mark.parametrize("text", [*HOSTILE, "0", "0.00", "-1", "-0.01", "1.001", "1.000"])
def test_a_buyers_amount_is_positive_with_at_most_the_currencys_places(text):
    """T-15: the refusal stands beside its invoice."""
    assert what_is_read(text) == "amount_invalid"


@given(st.text(alphabet="0123456789.,-+eE_ \u0661\uff11NaInf", max_size=18))
def test_exactly_the_grammar_is_read_as_money(text):
    """T-15: the accepted set is `digits[.1-2 digits]` above zero; what is read is what was written."""
    whole, point, places = text.partition(".")
    fits = whole.isascii() and whole.isdigit() and len(whole) <= 12
    fits = fits and (not point or (places.isascii() and places.isdigit() and len(places) <= 2))

    read = what_is_read(text)

    if fits and Decimal(text) > 0:
        assert read == int(Decimal(text) * 100)
    else:
        assert read == "amount_invalid"


def test_places_the_currency_lacks_are_refused_with_the_field():
    with pytest.raises(AmountInvalid) as refused:
        money_at("1.5", "JPY", "lines.0.amount")

    assert refused.value.facts["field"] == "lines.0.amount"


DAYS = [
    "2026-2-1", "2026-02-30", "20260201", "2026-02-01T00:00:00", "1989-12-31", "2200-01-01", "", 1, "９９99-01-01",
]  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_an_iso_date_of_our_times(text):
    assert "2026-11-22" in refusal_of(day=text)


@pytest.mark.parametrize("text", ["1", "../etc", "01A2B3C4-0000-7000-8000-000000000000", "' or 1=1 --", "\x00"])
def test_an_id_has_the_form_we_gave_it(text):
    """T-36."""
    assert "id" in refusal_of(document=text)


@pytest.mark.parametrize("text", ["XXX", "usd", "US", "USDD", "$"])
def test_a_currency_is_an_iso_code(text):
    assert "ISO 4217" in refusal_of(currency=text)


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "a\x1b[31m", "x" * 101])
def test_a_name_is_visible_text_of_bounded_length(text):
    """T-37."""
    refusal_of(name=text)


def test_a_long_text_keeps_its_line_breaks_and_scripts_as_text():
    """T-33: stored as it is, escaped where it is shown."""
    text = "line one\r\n\tline two <script>alert(1)</script>"

    assert read_model(Form, {"text": text}).text == text


def test_every_wrong_field_is_named_with_its_path():
    line = {"description": "Bolt", "quantity": 2, "unit_price": "1", "amount": "2", "colour": "red"}

    with pytest.raises(FieldsInvalid) as refused:
        read_model(LineIn, line)

    assert dict(refused.value.fields) == {
        "quantity": "Send a string in quotation marks, amounts and quantities too.",
        "colour": "There is no such field. Remove it or check its spelling.",
    }


PARAMETERS = [*InvoiceQuery.model_fields, *OrderQuery.model_fields, *PaymentQuery.model_fields, "page", "q[]"]


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40), max_size=4))
def test_any_query_is_read_or_refused_never_a_failure(query):
    """T-36: and what is read has no character the database would choke on."""
    for model in (InvoiceQuery, OrderQuery, PaymentQuery, ListQuery):
        try:
            assert "\x00" not in read_model(model, query).chosen().search
        except FieldsInvalid as refused:
            assert all(sentence.endswith((".", ".”")) for _, sentence in refused.fields)  # noqa: PT017


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(HOSTILE),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([*LineIn.model_fields, "x"]), inside),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(InvoiceIn.model_fields)), ANYTHING, max_size=4))
def test_any_body_is_read_or_refused_never_a_failure(changes):
    """T-36, T-37: one good push with anything in place of some of its fields."""
    body = {
        "external_id": "doc-1", "number": "N-1", "company": "C-11", "currency": "USD", "total": "1.00",
        "issued_on": "2026-11-01",
    } | changes  # fmt: skip

    try:
        document = read_model(InvoiceIn, body).document()
    except (FieldsInvalid, AmountInvalid) as refusal:
        assert refusal.sentence  # noqa: PT017
    else:
        assert "\x00" not in document.external_id + document.number + document.notes


@pytest.mark.parametrize("body", [{}, {"notes": None}, {"lines": []}, {"status": "closed"}, {"total": "1.00"}])
def test_a_patch_changes_something_that_may_be_changed(body):
    """T-5: no field beside the declared ones, such as a total or status, can be assigned."""
    with pytest.raises(FieldsInvalid):
        read_model(InvoicePatch, body)
