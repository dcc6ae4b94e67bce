package tidefs.nfs4.state;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;

/** How clients of 4.1 come and go: EXCHANGE_ID, CREATE_SESSION, DESTROY_CLIENTID. */
public final class ExchangeIds {
  private final StateDomain domain;
  private final Clients clients;

  ExchangeIds(StateDomain domain) {
    this.domain = domain;
    clients = domain.clients();
  }

  /**
   * EXCHANGE_ID: the nine cases of RFC 8881 §18.35.4.
   *
   * @param update EXCHGID4_FLAG_UPD_CONFIRMED_REC_A was set
   */
  public Client exchange(Opaque owner, long verifier, Principal principal, boolean update)
      throws Refused {
    synchronized (clients) {
      ClientName name = new ClientName(1, owner);
      Client known = clients.named(name).confirmed;
      if (update) {
        return updated(known, verifier, principal);
      }
      if (known == null) {
        return clients.add(name, verifier, principal); // Cases 1 and 4.
      }
      if (!known.principal().equals(principal)) {
        return replaced(known, name, verifier, principal); // Case 3.
      }
      if (known.verifier() == verifier) {
        clients.forgetUnconfirmed(clients.named(name));
        known.renew(domain.nanos());
        return known; // Case 2.
      }
      return clients.add(name, verifier, principal); // Case 5: CREATE_SESSION drops the old one.
    }
  }

  private static Client updated(@Nullable Client known, long verifier, Principal principal)
      throws Refused {
    if (known == null) {
      throw new Refused(Status.NOENT); // Case 7.
    }
    if (known.verifier() != verifier) {
      throw new Refused(Status.NOT_SAME); // Case 8.
    }
    if (!known.principal().equals(principal)) {
      throw new Refused(Status.PERM); // Case 9.
    }
    return known; // Case 6.
  }

  private Client replaced(Client known, ClientName name, long verifier, Principal principal)
      throws Refused {
    if (known.holdsState() && !known.isExpired(domain.nanos())) {
      throw new Refused(Status.CLID_INUSE);
    }
    clients.drop(known);
    return clients.add(name, verifier, principal);
  }

  /** Makes the session of a CREATE_SESSION whose turn it is, and the reply to it. */
  @FunctionalInterface
  public interface SessionMaker {
    /** The reply; its session is made by {@link Sessions#create}. */
    Reply make(Client client) throws Refused;
  }

  /**
   * CREATE_SESSION: RFC 8881 §18.36.4. The first one confirms the client, and drops what another
   * instance of it held.
   */
  public Reply createSession(long clientId, int seqid, Principal principal, SessionMaker maker)
      throws Refused {
    synchronized (clients) {
      Client client = clients.find(clientId);
      if (client.name().minorVersion() == 0) {
        throw new Refused(Status.STALE_CLIENTID);
      }
      Reply last = client.created();
      if (last != null && seqid == client.createSeqid() - 1) {
        return last;
      }
      if (seqid != client.createSeqid()) {
        throw new Refused(Status.SEQ_MISORDERED);
      }
      if (!client.isConfirmed() && !client.principal().equals(principal)) {
        throw new Refused(Status.CLID_INUSE);
      }
      Reply reply = maker.make(client);
      client.created(reply);
      if (!client.isConfirmed()) {
        clients.confirm(client);
      }
      client.renew(domain.nanos());
      return reply;
    }
  }

  /** What EXCHANGE_ID answers as eir_sequenceid: the number of the next CREATE_SESSION. */
  public int nextCreateSeqid(Client client) {
    synchronized (clients) {
      return client.createSeqid();
    }
  }

  /** DESTROY_CLIENTID: CLIENTID_BUSY while it has sessions or state. */
  public void destroy(long clientId) throws Refused {
    synchronized (clients) {
      Client client = clients.find(clientId);
      if (!client.sessions().isEmpty() || client.holdsState()) {
        throw new Refused(Status.CLIENTID_BUSY);
      }
      clients.drop(client);
    }
  }
}
