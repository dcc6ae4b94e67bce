package tidefs.nfs4.state;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Status;

/** The sessions of a domain. Finding one takes no lock. */
public final class Sessions {
  private final StateDomain domain;
  private final ConcurrentHashMap<SessionId, Session> all = new ConcurrentHashMap<>();

  Sessions(StateDomain domain) {
    this.domain = domain;
  }

  /** Makes a session, within {@link ExchangeIds#createSession}. */
  public Session create(Client client, Session.ChannelLimits limits) throws Refused {
    if (client.sessions().size() >= Limits.SESSIONS_PER_CLIENT) {
      throw new Refused(Status.NOSPC);
    }
    SessionId id = new SessionId(client.id(), domain.chance().nextLong());
    Session session = new Session(id, client, limits);
    client.sessions().add(session);
    all.put(id, session);
    return session;
  }

  /** The session of this id. BADSESSION if there is none. */
  public Session find(SessionId id) throws Refused {
    Session session = all.get(id);
    if (session == null) {
      throw new Refused(Status.BADSESSION);
    }
    return session;
  }

  /** How many there are. */
  int size() {
    return all.size();
  }

  /**
   * DESTROY_SESSION, asked for by a request on {@code mine} or outside of the session. DELAY while
   * other requests are under way in it: their replies would be lost.
   */
  public void destroy(Session session, @Nullable Slot mine) throws Refused {
    if (session.isBusyBeside(mine)) {
      throw new Refused(Status.DELAY);
    }
    remove(session);
    session.client().sessions().remove(session);
  }

  void remove(Session session) {
    all.remove(session.id(), session);
  }
}
