package tidefs.nfs4.state;

import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;

/** How clients of 4.0 come: SETCLIENTID and SETCLIENTID_CONFIRM (RFC 7530 §16.33 and §16.34). */
public final class SetClientIds {
  private final StateDomain domain;
  private final Clients clients;

  SetClientIds(StateDomain domain) {
    this.domain = domain;
    clients = domain.clients();
  }

  /**
   * What SETCLIENTID answers.
   *
   * @param clientId the short name
   * @param confirm what SETCLIENTID_CONFIRM must bring
   */
  public record Granted(long clientId, long confirm) {}

  /** SETCLIENTID: RFC 7530 §16.33.5. CLID_INUSE if the name is another principal's in use. */
  public Granted set(Opaque owner, long verifier, Principal principal) throws Refused {
    synchronized (clients) {
      ClientName name = new ClientName(0, owner);
      Client known = clients.named(name).confirmed;
      if (known != null && !known.principal().equals(principal)) {
        if (known.holdsState() && !known.isExpired(domain.nanos())) {
          throw new Refused(Status.CLID_INUSE);
        }
        clients.drop(known);
        known = null;
      }
      Client fresh =
          known != null && known.verifier() == verifier
              ? clients.add(name, verifier, principal, known.id()) // Only the callback changes.
              : clients.add(name, verifier, principal);
      fresh.confirmVerifier(domain.chance().nextLong());
      return new Granted(fresh.id(), fresh.confirmVerifier());
    }
  }

  /** SETCLIENTID_CONFIRM: RFC 7530 §16.34.5. */
  public void confirm(long clientId, long confirm, Principal principal) throws Refused {
    synchronized (clients) {
      Client listed = clients.find(clientId);
      Clients.Named all = clients.named(listed.name());
      Client known = all.confirmed;
      Client fresh = all.unconfirmed;
      if (fresh != null && fresh.id() == clientId && fresh.confirmVerifier() == confirm) {
        checkPrincipal(fresh, principal);
        if (known != null && known.id() == clientId) {
          known.confirmVerifier(confirm);
          all.unconfirmed = null;
          known.renew(domain.nanos());
        } else {
          clients.confirm(fresh);
        }
        return;
      }
      if (known == null || known.id() != clientId || known.confirmVerifier() != confirm) {
        throw new Refused(Status.STALE_CLIENTID);
      }
      checkPrincipal(known, principal); // The same again: the answer got lost.
      known.renew(domain.nanos());
    }
  }

  private static void checkPrincipal(Client client, Principal principal) throws Refused {
    if (!client.principal().equals(principal)) {
      throw new Refused(Status.CLID_INUSE);
    }
  }
}
