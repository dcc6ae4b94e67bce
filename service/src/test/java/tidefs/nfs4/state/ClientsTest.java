package tidefs.nfs4.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.testkit.ManualClock;
import tidefs.xdr.Opaque;

final class ClientsTest {
  private static final Opaque NAME = Opaque.utf8("linux");
  private static final Principal ROOT = new Principal(1, 0);
  private static final Principal OTHER = new Principal(1, 1000);
  private static final Session.ChannelLimits LIMITS =
      new Session.ChannelLimits(4096, 4096, 4096, 16, 4);

  private final ManualClock clock = new ManualClock();
  private final StateDomain domain = domain();
  private final ExchangeIds exchangeIds = domain.exchangeIds();
  private final SetClientIds setClientIds = domain.setClientIds();

  private StateDomain domain() {
    Chance chance = new Random(1)::nextBytes;
    return new StateDomain("test", NfsConfig.DEFAULTS, clock, chance);
  }

  private static void refused(Status status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  private Session[] made = new Session[1];

  private Reply createSession(Client client, int seqid, Principal principal) throws Refused {
    return exchangeIds.createSession(
        client.id(),
        seqid,
        principal,
        each -> {
          made[0] = domain.sessions().create(each, LIMITS);
          return Reply.of(Status.OK);
        });
  }

  private Client confirmed(long verifier) throws Refused {
    Client client = exchangeIds.exchange(NAME, verifier, ROOT, false);
    createSession(client, 1, ROOT);
    return client;
  }

  @Test
  void sameInstanceAgainIsTheSameClient() throws Refused {
    Client client = confirmed(1);
    assertThat(exchangeIds.exchange(NAME, 1, ROOT, false)).isSameAs(client);
    assertThat(client.isConfirmed()).isTrue();
  }

  @Test
  void restartedInstanceReplacesTheOldOneWhenItMakesASession() throws Refused {
    Client old = confirmed(1);
    Session session = made[0];
    Client fresh = exchangeIds.exchange(NAME, 2, ROOT, false);
    assertThat(fresh).isNotSameAs(old);
    assertThat(domain.sessions().find(session.id())).isSameAs(session);
    createSession(fresh, 1, ROOT);
    refused(Status.BADSESSION, () -> domain.sessions().find(session.id()));
    refused(Status.STALE_CLIENTID, () -> domain.clients().find(old.id()));
    assertThat(old.isDropped()).isTrue();
  }

  @Test
  void updateNeedsAConfirmedClientOfTheSameInstanceAndPrincipal() throws Refused {
    refused(Status.NOENT, () -> exchangeIds.exchange(NAME, 1, ROOT, true));
    Client client = confirmed(1);
    refused(Status.NOT_SAME, () -> exchangeIds.exchange(NAME, 2, ROOT, true));
    refused(Status.PERM, () -> exchangeIds.exchange(NAME, 1, OTHER, true));
    assertThat(exchangeIds.exchange(NAME, 1, ROOT, true)).isSameAs(client);
  }

  @Test
  void sessionsAreMadeInOrderAndRepeated() throws Refused {
    Client client = exchangeIds.exchange(NAME, 1, ROOT, false);
    refused(Status.SEQ_MISORDERED, () -> createSession(client, 2, ROOT));
    refused(Status.CLID_INUSE, () -> createSession(client, 1, OTHER));
    Reply first = createSession(client, 1, ROOT);
    Session session = made[0];
    assertThat(createSession(client, 1, ROOT)).isSameAs(first);
    assertThat(made[0]).isSameAs(session);
    createSession(client, 2, ROOT);
    assertThat(made[0]).isNotSameAs(session);
  }

  @Test
  void clientWithSessionsIsNotDestroyed() throws Refused {
    Client client = confirmed(1);
    refused(Status.CLIENTID_BUSY, () -> exchangeIds.destroy(client.id()));
    domain.sessions().destroy(made[0], null);
    exchangeIds.destroy(client.id());
    refused(Status.STALE_CLIENTID, () -> exchangeIds.destroy(client.id()));
  }

  @Test
  void sessionWithRequestsUnderWayIsNotDestroyed() throws Refused {
    Client client = confirmed(1);
    Session session = made[0];
    Slot mine = session.slot(0);
    Slot other = session.slot(3);
    mine.begin(1, 0);
    other.begin(1, 0);
    refused(Status.DELAY, () -> domain.sessions().destroy(session, mine));
    other.keepNothing();
    other.end();
    refused(Status.DELAY, () -> domain.sessions().destroy(session, null));
    domain.sessions().destroy(session, mine);
    assertThat(client.isDropped()).isFalse();
    refused(Status.BADSESSION, () -> domain.sessions().find(session.id()));
  }

  @Test
  void slotsAreMadeOnceAndOnlyWithinTheSession() throws Refused {
    confirmed(1);
    Session session = made[0];
    assertThat(session.slot(2)).isSameAs(session.slot(2)).isNotSameAs(session.slot(1));
    refused(Status.BADSLOT, () -> session.slot(4));
    refused(Status.BADSLOT, () -> session.slot(-1));
    assertThat(session.targetHighestSlot()).isEqualTo(session.highestSlot()).isEqualTo(3);
  }

  @Test
  void silentClientWithoutStateIsForgottenAfterItsLease() throws Refused {
    Client client = confirmed(1);
    clock.advance(Duration.ofSeconds(90));
    domain.sweep();
    assertThat(domain.clients().find(client.id())).isSameAs(client);
    clock.advance(Duration.ofSeconds(1));
    domain.sweep();
    refused(Status.STALE_CLIENTID, () -> domain.clients().find(client.id()));
  }

  @Test
  void oldClientConfirmsWithItsVerifierOnly() throws Refused {
    SetClientIds.Granted granted = setClientIds.set(NAME, 1, ROOT);
    refused(Status.STALE_CLIENTID, () -> domain.clients().confirmed(granted.clientId()));
    refused(
        Status.STALE_CLIENTID,
        () -> setClientIds.confirm(granted.clientId(), granted.confirm() + 1, ROOT));
    setClientIds.confirm(granted.clientId(), granted.confirm(), ROOT);
    setClientIds.confirm(granted.clientId(), granted.confirm(), ROOT);
    assertThat(domain.clients().confirmed(granted.clientId()).isConfirmed()).isTrue();
  }

  @Test
  void oldClientThatOnlyChangesItsCallbackKeepsItsId() throws Refused {
    SetClientIds.Granted first = setClientIds.set(NAME, 1, ROOT);
    setClientIds.confirm(first.clientId(), first.confirm(), ROOT);
    SetClientIds.Granted again = setClientIds.set(NAME, 1, ROOT);
    assertThat(again.clientId()).isEqualTo(first.clientId());
    assertThat(again.confirm()).isNotEqualTo(first.confirm());
    setClientIds.confirm(again.clientId(), again.confirm(), ROOT);
    SetClientIds.Granted restarted = setClientIds.set(NAME, 2, ROOT);
    assertThat(restarted.clientId()).isNotEqualTo(first.clientId());
    setClientIds.confirm(restarted.clientId(), restarted.confirm(), ROOT);
    refused(Status.STALE_CLIENTID, () -> domain.clients().confirmed(first.clientId()));
  }
}
