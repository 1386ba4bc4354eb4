"""A passkey's other end in software: makes keys for a host and signs challenges, as a browser would hand it on."""

import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class SoftKey:
    """A device with one passkey. `verifies`: whether it knows its person by finger, face or PIN."""

    def __init__(self, host="nordvik.localhost", *, verifies=True):
        self.host, self.verifies = host, verifies
        self.key, self.id, self.handle = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), None

    def make(self, options, *, origin=None) -> dict:
        """What the browser says of a new passkey."""
        wanted = options["publicKey"]
        self.handle = wanted["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        known = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(wanted["rp"]["id"], WITH_KEY) + known
        said = self._client("webauthn.create", wanted["challenge"], origin)
        attestation = cbor.encode({"fmt": "none", "authData": data, "attStmt": {}})
        return self._answer({"clientDataJSON": said, "attestationObject": attestation})

    def sign(self, options, *, origin=None, rp_id=None) -> dict:
        """What the browser says of a challenge that was signed."""
        wanted = options["publicKey"]
        data = self._data(rp_id or wanted["rpId"])
        said = self._client("webauthn.get", wanted["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._answer(parts | {"userHandle": websafe_decode(self.handle)})

    def make_known(self, other):
        """Another device that says it is the first."""
        self.id, self.handle = other.id, other.handle
        return self

    def _data(self, rp_id, flags=0):
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", 1)

    def _client(self, kind, challenge, origin):
        said = {"type": kind, "challenge": challenge, "origin": origin or f"http://{self.host}"}
        return json.dumps(said).encode()

    def _answer(self, parts):
        name = websafe_encode(self.id)
        response = {part: websafe_encode(value) for part, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
