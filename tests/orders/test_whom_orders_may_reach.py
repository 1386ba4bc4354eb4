"""A machine is asked at a public address over TLS that holds, and the secret it is signed with is kept sealed."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from orders.models import Channel
from orders.ordering import machine
from orders.ordering.channels import renew_secret
from orders.ordering.sealing import seal, unseal
from tests.making import an_admin, an_integrated_distributor
from tests.orders.machine_of_theirs import TheirMachine
from tests.orders.sending import seen, what_is_due_is_done
from tests.orders.wishing import an_order
from velory import clock


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def they(settings, monkeypatch):
    """A machine on this machine, which only the demo may ask; and little patience."""
    settings.DEMO = True
    monkeypatch.setattr(machine, "PATIENCE", 0.6)
    machines = []

    def answer(*answers):
        machines.append(TheirMachine(*answers))
        return machines[-1]

    yield answer
    for one in machines:
        one.close()


# Whom we ask


@pytest.mark.parametrize("address", [
    "10.0.0.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1",
])  # fmt: skip
def test_no_machine_of_our_own_house_is_asked(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(0, 0, 0, "", (address, 443))])

    with pytest.raises(machine.Trouble) as refused:
        machine.ask("https://orders.dustin.example/", b"{}", secrets=["s"], key="VO-1", wall=clock.wall())

    assert (refused.value.reason, refused.value.for_good) == (machine.NOT_ALLOWED, True)


def test_one_bad_address_among_good_ones_is_enough(monkeypatch):
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)

    with pytest.raises(machine.Trouble):
        machine.reachable(machine.parts_of("https://orders.dustin.example/"))


def test_what_was_looked_up_is_what_is_connected_to(monkeypatch):
    looked_up, connected = [], []

    def look_up(*args, **more):
        looked_up.append(args[0])
        return [(0, 0, 0, "", ("93.184.215.14", 443))]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(machine.Trouble):
        machine.ask("https://orders.dustin.example/", b"{}", secrets=["s"], key="VO-1", wall=clock.wall())

    assert (looked_up, connected) == (["orders.dustin.example"], [("93.184.215.14", 443)])


@pytest.mark.parametrize("url", [
    "http://orders.dustin.example/", "ftp://orders.dustin.example/", "https://", "https://a:b@orders.dustin.example/",
    "https://orders.dustin.example:99999/", "file:///etc/passwd", "https://[::1",
])  # fmt: skip
def test_only_an_https_address_may_be_asked(url):
    with pytest.raises(machine.Trouble) as refused:
        machine.parts_of(url)

    assert refused.value.for_good


def test_the_demo_asks_no_other_machine_of_the_house_either(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(0, 0, 0, "", ("10.0.0.1", 80))])

    with pytest.raises(machine.Trouble):
        machine.reachable(machine.parts_of("http://printer.localhost/"))


def test_a_certificate_that_nobody_vouches_for_is_not_believed(at, they, tmp_path):
    server = _behind_a_certificate_of_its_own(tmp_path)
    Channel.objects.create(
        partner=an_integrated_distributor(), by_machine=True, url=f"https://localhost:{server.getsockname()[1]}/"
    )
    renew_secret(an_integrated_distributor(), by=an_admin(), at=at.moment)
    order = an_order()

    what_is_due_is_done(at)
    server.close()

    assert (seen(order).status, seen(order).tries) == ("queued", 1)


def _behind_a_certificate_of_its_own(tmp_path):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    pem = tmp_path / "own.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        try:
            line, _ = server.accept()
            context.wrap_socket(line, server_side=True)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    return server


# The secret


def test_a_secret_is_kept_sealed_and_stands_in_no_journal(nils):
    dustin = an_integrated_distributor()

    secret = renew_secret(dustin, by=nils, at=clock.now())

    channel = Channel.objects.get()
    assert secret not in channel.sealed_secret
    assert unseal(channel.sealed_secret) == secret
    call_command("verify_journal", company="nordvik")


def test_a_key_that_was_changed_still_opens_what_it_sealed(settings):
    sealed = seal("as before")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 5, [settings.SECRET_KEY]
    assert unseal(sealed) == "as before"

    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None
