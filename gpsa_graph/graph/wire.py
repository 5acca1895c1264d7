"""HTTP to a SPARQL service: one connection, time limits, polite retries, and credentials that nobody sees.

Protocols: SPARQL 1.1 Protocol and Graph Store HTTP Protocol (W3C, 2013); `Retry-After` and authentication as in RFC 9110.
"""

from __future__ import annotations

import io
import os
import time
import weakref
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from gpsa_graph.errors import GpsaError, MissingExtra, QueryError

if TYPE_CHECKING:
    import httpx

_TRIES, _LONGEST_WAIT, _SECONDS = 5, 60.0, 300.0
_BUSY = (429, 503)


class Wire:
    """A connection to one address. Opened when it is first used; `pause` waits between tries and can be replaced.

    Name and password come from `GPSA_USER` and `GPSA_PASSWORD`, a bearer token from `GPSA_TOKEN`, else the host's line in
    `~/.netrc` (or `$NETRC`). They are sent only to a service that asks for them, never in clear beyond this machine, and
    stand in no message. `GPSA_TIMEOUT` is the longest wait for an answer in seconds (default 300).
    """

    def __init__(self, url: str, *, timeout: float | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise GpsaError(f"'{_shown(url)}' is no address of a service; write it whole, such as http://localhost:7878/query")
        if parts.username is not None or parts.password is not None:
            raise GpsaError(f"the address {_shown(url)} holds a name or password; put them in GPSA_USER and GPSA_PASSWORD or in ~/.netrc")
        self.url, self.host = url, parts.hostname
        self.pause = time.sleep
        self.timeout = timeout if timeout is not None else _seconds()
        self.server = ""
        self._auth: Any = None
        self._loopback = parts.hostname in ("localhost", "::1") or parts.hostname.startswith("127.")
        self._private = self._loopback or parts.scheme == "https"

    @cached_property
    def _client(self) -> httpx.Client:
        try:
            import httpx
        except ImportError:
            raise MissingExtra("remote") from None
        limits = httpx.Timeout(self.timeout, connect=min(10.0, self.timeout))
        client = httpx.Client(timeout=limits, headers={"User-Agent": "gpsa-graph"}, trust_env=not self._loopback)
        weakref.finalize(self, client.close)
        return client

    def send(self, method: str, *, url: str = "", headers: Mapping[str, str] | None = None, **content: Any) -> httpx.Response:
        """The answer, its body not read yet; close it. A busy service is asked again when it says so, at most five times.

        Raises GpsaError where nobody answers, QueryError where the service refuses what it was asked.
        """
        client, tries = self._client, 0
        import httpx

        while True:
            tries += 1
            try:
                request = client.build_request(method, url or self.url, headers=dict(headers or {}), **content)
                response = client.send(request, stream=True, auth=self._auth)
            except httpx.TimeoutException:
                raise GpsaError(f"{self.url} did not answer within {self.timeout:g} s; ask for less, "
                                "or set GPSA_TIMEOUT to more seconds") from None
            except httpx.HTTPError as error:
                raise GpsaError(f"no service can be reached at {self.url}: {_plain(str(error))[:160] or type(error).__name__}; "
                                "is it running, and the address right?") from None
            self.server = response.headers.get("server", "")
            if response.status_code in _BUSY and tries < _TRIES and (wait := _wait(response, tries)) <= _LONGEST_WAIT:
                response.close()
                self.pause(wait)
            elif response.status_code == 401 and self._auth is None and (auth := self._credentials(response)) is not None:
                response.close()
                self._auth = auth
            elif response.status_code < 300:
                return response
            else:
                raise self._refused(response)

    def _credentials(self, response: httpx.Response) -> Any:
        """What answers the challenge of a service, or None where nothing is known for it."""
        import httpx

        challenge = response.headers.get("www-authenticate", "").lower()
        token = os.environ.get("GPSA_TOKEN")
        name, password = os.environ.get("GPSA_USER"), os.environ.get("GPSA_PASSWORD")
        if name is None or password is None:
            name, password = _netrc(self.host)
        if name is not None and password is not None and "digest" in challenge:
            return httpx.DigestAuth(name, password)
        if (token or name is not None) and not self._private:
            raise GpsaError(f"{self.url} asks for a password over plain http, where anybody can read it; use its https address")
        if token and "bearer" in challenge:
            return _bearer(token)
        return httpx.BasicAuth(name, password) if name is not None and password is not None else None

    def _refused(self, response: httpx.Response) -> GpsaError:
        import httpx

        status = response.status_code
        try:
            said = _plain(response.read()[:20_000].decode("utf-8", "replace"))[:300]
        except httpx.HTTPError:
            said = ""
        finally:
            response.close()
        if status in _BUSY:
            after = response.headers.get("retry-after", "")
            return GpsaError(f"{self.url} is busy{f' and asks to wait {after} s' if after.isdigit() else ''}; ask again later")
        if status in (401, 403):
            if self._auth is not None:
                return GpsaError(f"{self.url} refuses this name and password (status {status})")
            return GpsaError(f"{self.url} asks for a name and password; set GPSA_USER and GPSA_PASSWORD, or add {self.host} to ~/.netrc")
        if 300 <= status < 400:
            return GpsaError(f"{self.url} has moved to {_shown(response.headers.get('location', 'an unnamed place'))}; name that address")
        if status in (404, 405, 410):
            return GpsaError(f"there is no such service at {self.url} (status {status}); name the address of its SPARQL endpoint")
        return QueryError(said or f"the service answered with status {status}")


def _bearer(token: str) -> Callable[[httpx.Request], httpx.Request]:
    def signed(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return signed


class Body(io.RawIOBase):
    """The body of an answer as a file, read as it comes. A connection that breaks is an OSError."""

    def __init__(self, response: httpx.Response) -> None:
        self._response, self._chunks, self._rest = response, response.iter_bytes(1 << 16), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        import httpx

        try:
            while not self._rest:
                self._rest = next(self._chunks)
        except StopIteration:
            return 0
        except httpx.HTTPError as error:
            raise OSError(_plain(str(error)) or type(error).__name__) from None
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._response.close()
        super().close()


def _seconds() -> float:
    said = os.environ.get("GPSA_TIMEOUT", "")
    try:
        seconds = float(said or _SECONDS)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e7:
        raise GpsaError(f"GPSA_TIMEOUT is '{said}'; give a number of seconds")
    return seconds


def _wait(response: httpx.Response, tries: int) -> float:
    """Seconds to wait before the next try: what `Retry-After` says (a number or a date), else 1, 2, 4 ..."""
    from email.utils import parsedate_to_datetime

    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return float(2 ** (tries - 1))


def _netrc(host: str) -> tuple[str | None, str | None]:
    import netrc

    path = os.environ.get("NETRC") or os.path.join(os.path.expanduser("~"), ".netrc")
    try:
        found = netrc.netrc(path).authenticators(host)
    except FileNotFoundError:
        return None, None
    except (OSError, netrc.NetrcParseError):
        raise GpsaError(f"'{path}' cannot be read as a netrc file; mend it, or set GPSA_USER and GPSA_PASSWORD") from None
    return (found[0], found[2]) if found else (None, None)


def _shown(url: str) -> str:
    """An address for a message: without a name or password in it, and not too long."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))[:200]


def _plain(text: str) -> str:
    """What a service said in one line, without the tags of a page."""
    import re

    return " ".join(re.sub(r"<(style|script|head).*?</\1>|<[^<>]{0,200}>", " ", text, flags=re.DOTALL | re.IGNORECASE).split())
