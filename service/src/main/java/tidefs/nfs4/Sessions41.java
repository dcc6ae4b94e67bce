package tidefs.nfs4;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tidefs.nfs4.op.BackchannelCtl;
import tidefs.nfs4.op.BindConnToSession;
import tidefs.nfs4.op.ChannelAttributes;
import tidefs.nfs4.op.CreateSession;
import tidefs.nfs4.op.DestroyClientId;
import tidefs.nfs4.op.DestroySession;
import tidefs.nfs4.op.ExchangeId;
import tidefs.nfs4.op.FreeStateId;
import tidefs.nfs4.op.ReclaimComplete;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.op.TestStateId;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.Limits;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Session;
import tidefs.xdr.Opaque;

/** The operations of 4.1 about clients and sessions. */
final class Sessions41 {
  /** A channel whose messages are smaller could not carry a SEQUENCE. */
  private static final int LEAST_MESSAGE_BYTES = 128;

  /** How long a client may take to answer a callback. */
  private static final Duration CALLBACK_TIME = Duration.ofSeconds(10);

  private Sessions41() {}

  /** EXCHANGE_ID (RFC 8881 §18.35). */
  static Reply exchangeId(Compound c, ExchangeId call) throws Refused {
    if ((call.flags() & ~ExchangeId.MASK_A) != 0) {
      throw new Refused(Status.INVAL);
    }
    switch (call.protection()) {
      case NONE -> {}
      case MACHINE_CREDENTIALS -> throw new Refused(Status.INVAL); // Wants RPCSEC_GSS.
      case SSV -> throw new Refused(Status.ENCR_ALG_UNSUPP);
    }
    boolean update = (call.flags() & ExchangeId.UPD_CONFIRMED_REC_A) != 0;
    var exchangeIds = c.domain().exchangeIds();
    Client client =
        exchangeIds.exchange(
            call.owner(), call.verifier(), Peer.principal(c.call().credentials()), update);
    Opaque name = Opaque.utf8(c.domain().name());
    return new ExchangeId.Ok(
        client.id(),
        exchangeIds.nextCreateSeqid(client),
        ExchangeId.USE_NON_PNFS | (client.isConfirmed() ? ExchangeId.CONFIRMED_R : 0),
        0,
        name,
        name,
        List.of());
  }

  /** CREATE_SESSION (RFC 8881 §18.36). */
  static Reply createSession(Compound c, CreateSession call) throws Refused {
    int known = CreateSession.PERSIST | CreateSession.CONN_BACK_CHAN | CreateSession.CONN_RDMA;
    if ((call.flags() & ~known) != 0) {
      throw new Refused(Status.INVAL);
    }
    return c.domain()
        .exchangeIds()
        .createSession(
            call.clientId(),
            call.sequence(),
            Peer.principal(c.call().credentials()),
            client -> makeSession(c, call, client));
  }

  private static Reply makeSession(Compound c, CreateSession call, Client client) throws Refused {
    ChannelAttributes fore = call.fore();
    if (fore.maxRequests() == 0 || fore.maxOperations() == 0) {
      throw new Refused(Status.INVAL);
    }
    NfsConfig config = c.config();
    Session.ChannelLimits limits =
        new Session.ChannelLimits(
            least(fore.maxRequestBytes(), config.messageBytes()),
            least(fore.maxResponseBytes(), config.messageBytes()),
            least(fore.maxCachedResponseBytes(), Limits.CACHED_REPLY_BYTES),
            least(fore.maxOperations(), config.operations()),
            least(fore.maxRequests(), config.slots()));
    if (limits.requestBytes() < LEAST_MESSAGE_BYTES
        || limits.responseBytes() < LEAST_MESSAGE_BYTES
        || isTooSmall(call.back().maxRequestBytes())
        || isTooSmall(call.back().maxResponseBytes())) {
      throw new Refused(Status.TOOSMALL);
    }
    Session session = c.domain().sessions().create(client, limits);
    if (c.config().extensions()) {
      SessionCallbacks callbacks =
          new SessionCallbacks(session.id(), c.minorVersion(), CALLBACK_TIME);
      callbacks.secure(call.callbackProgram(), call.callbackSecurity());
      if ((call.flags() & CreateSession.CONN_BACK_CHAN) != 0) {
        callbacks.bind(c.call().connection());
      }
      session.callbacks(callbacks);
    }
    return new CreateSession.Ok(
        session.id(),
        call.sequence(),
        call.flags() & CreateSession.CONN_BACK_CHAN,
        new ChannelAttributes(
            0,
            limits.requestBytes(),
            limits.responseBytes(),
            limits.cachedBytes(),
            limits.operations(),
            limits.slots()),
        call.back());
  }

  private static boolean isTooSmall(int bytes) {
    return Integer.compareUnsigned(bytes, LEAST_MESSAGE_BYTES) < 0;
  }

  private static int least(int asked, int most) {
    return Integer.compareUnsigned(asked, most) < 0 ? asked : most;
  }

  /** DESTROY_SESSION (RFC 8881 §18.37). */
  static Reply destroySession(Compound c, DestroySession call) throws Refused {
    c.domain().sessions().destroy(c.domain().sessions().find(call.session()), c.sequence().slot());
    return Reply.of(Status.OK);
  }

  /** DESTROY_CLIENTID (RFC 8881 §18.50). */
  static Reply destroyClientId(Compound c, DestroyClientId call) throws Refused {
    c.domain().exchangeIds().destroy(call.clientId());
    return Reply.of(Status.OK);
  }

  /** BIND_CONN_TO_SESSION (RFC 8881 §18.34): any connection may use any session. */
  static Reply bindConnection(Compound c, BindConnToSession call) throws Refused {
    Session session = c.domain().sessions().find(call.session());
    session.client().renew(c.domain().nanos());
    BindConnToSession.Bound bound =
        switch (call.direction()) {
          case FORE -> BindConnToSession.Bound.FORE;
          case BACK -> BindConnToSession.Bound.BACK;
          case FORE_OR_BOTH, BACK_OR_BOTH -> BindConnToSession.Bound.BOTH;
        };
    if (bound != BindConnToSession.Bound.FORE
        && session.callbacks() instanceof SessionCallbacks callbacks) {
      callbacks.bind(c.call().connection());
    }
    return new BindConnToSession.Ok(call.session(), bound, false);
  }

  /** BACKCHANNEL_CTL (RFC 8881 §18.33). */
  static Reply backChannelControl(Compound c, BackchannelCtl call) {
    Session session = c.session();
    if (session != null && session.callbacks() instanceof SessionCallbacks callbacks) {
      callbacks.secure(call.callbackProgram(), call.security());
    }
    return Reply.of(Status.OK);
  }

  /** RECLAIM_COMPLETE (RFC 8881 §18.51). */
  static Reply reclaimComplete(Compound c, ReclaimComplete call) throws Refused {
    if (call.oneFileSystem()) {
      if (!c.current().isSet()) {
        throw new Refused(Status.NOFILEHANDLE);
      }
      return Reply.of(Status.OK); // No file system ever moves here.
    }
    Client client = ofSession(c);
    if (!client.completeReclaim()) {
      throw new Refused(Status.COMPLETE_ALREADY);
    }
    switch (c.export().root()) {
      case Export.Root.Directory root -> root.volume().recovery().complete(client);
      case Export.Root.Closed _ -> {}
      case Export.Root.Shared root -> {
        for (Export.PseudoRoot.Entry each : root.pseudoRoot().entries()) {
          each.volume().recovery().complete(client);
        }
      }
    }
    return Reply.of(Status.OK);
  }

  /** TEST_STATEID (RFC 8881 §18.48). */
  static Reply testStateIds(Compound c, TestStateId call) throws Refused {
    Client client = ofSession(c);
    List<Status> statuses = new ArrayList<>(call.stateIds().size());
    for (StateId each : call.stateIds()) {
      statuses.add(c.domain().stateIds().test(each, client));
    }
    return new TestStateId.Ok(statuses);
  }

  /** FREE_STATEID (RFC 8881 §18.38). */
  static Reply freeStateId(Compound c, FreeStateId call) throws Refused {
    c.domain().stateIds().free(StateChecks.meant(c, call.stateId()), ofSession(c));
    return Reply.of(Status.OK);
  }

  private static Client ofSession(Compound c) throws Refused {
    Client client = c.client();
    if (client == null) {
      throw new Refused(Status.OP_NOT_IN_SESSION);
    }
    return client;
  }
}
