package tidefs.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import tidefs.iam.connect.MountIdentity;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.testkit.CompoundResult.Written;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.Credentials;
import tidefs.testkit.MountCertificate;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsWire;
import tidefs.testkit.RpcReply;
import tidefs.testkit.RpcSocket;
import tidefs.testkit.XdrIn;
import tidefs.testkit.XdrOut;

/** What efs-proxy does beside NFS: it asks where a connection leads, and uses several. */
final class ProxyTest extends ClientTest {
  private static final int PROGRAM = 400_123;
  private static final int READY = 3;

  private static XdrIn asked(RpcSocket socket, int procedure, XdrOut arguments) throws Exception {
    socket.sendRecord(
        RpcSocket.call(9, PROGRAM, 1, procedure, Credentials.NONE, arguments.toBytes()));
    RpcReply reply = RpcReply.decode(socket.receiveRecord());
    assertThat(reply.isSuccess()).as("%s", reply).isTrue();
    return reply.results();
  }

  private static List<Object> partition(RpcSocket socket) throws Exception {
    XdrOut identifier = new XdrOut().opaque(new byte[16]).opaque(new byte[8]);
    XdrIn answer = asked(socket, 2, identifier);
    assertThat(answer.int32()).isEqualTo(READY);
    List<Object> told = new ArrayList<>();
    byte[] id = answer.fixed(64);
    for (byte each : id) {
      told.add(each);
    }
    for (int i = 0; i < 4; i++) {
      told.add(answer.int32());
    }
    assertThat(answer.remaining()).isZero();
    return told;
  }

  @Test
  void everyConnectionLeadsToTheSamePartition() throws Exception {
    SSLContext tls = rig.certificate(fileSystem).tls();
    try (NfsWire first = rig.wire(fileSystem, 1, tls, Credentials.ROOT);
        NfsWire second = rig.wire(fileSystem, 1, tls, Credentials.ROOT);
        RpcSocket plain = rig.plainSocket(fileSystem)) {
      List<Object> told = partition(first.socket());
      assertThat(partition(second.socket())).isEqualTo(told);
      assertThat(partition(plain)).isEqualTo(told);
      assertThat(told.subList(64, 68)).containsExactly(5, 300 << 20, 1, 1);
      assertThat(asked(plain, 0, new XdrOut()).remaining()).isZero();
      XdrOut channel = new XdrOut().int32(2).int32(0);
      assertThat(asked(plain, 3, channel).int32()).isEqualTo(2); // INVAL: no bypass of this kind.
    }
  }

  @Test
  void argumentsThatAreCutAreGarbage() throws Exception {
    try (RpcSocket socket = rig.plainSocket(fileSystem)) {
      for (int bytes = 0; bytes < 24; bytes += 4) {
        byte[] cut = Arrays.copyOf(new XdrOut().opaque(new byte[16]).toBytes(), bytes);
        socket.sendRecord(RpcSocket.call(bytes, PROGRAM, 1, 2, Credentials.NONE, cut));
        assertThat(RpcReply.decode(socket.receiveRecord()).isSuccess()).isFalse();
      }
    }
  }

  /** One session over five connections, each request on the next of them. */
  @Test
  void oneSessionIsServedOverSeveralConnections() throws Exception {
    var shown = rig.certificate(fileSystem);
    SSLContext tls = shown.tls();
    try (NfsWire wire = rig.wire(fileSystem, 1, tls, Credentials.ROOT)) {
      wire.establish();
      wire.reclaimComplete();
      NfsClient client = NfsClient.over(wire);
      var file = client.create(client.root(), "f", 0600);
      FileHandle handle = file.handle();
      StateId state = file.stateId();
      List<NfsWire> more = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        more.add(rig.wire(fileSystem, 1, tls, Credentials.ROOT));
      }
      for (int i = 0; i < 40; i++) {
        byte[] piece = {(byte) i};
        byte[] arguments =
            wire.compound(i % 8).putFh(handle).write(state, i, Stability.UNSTABLE, piece).encode();
        NfsWire way = i % 5 == 4 ? wire : more.get(i % 5);
        Written written = way.receive(way.send(arguments)).ok().last(Written.class);
        assertThat(written.count()).isEqualTo(1);
      }
      byte[] all = client.readAll(handle);
      assertThat(all).hasSize(40);
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).isEqualTo((byte) i);
      }
      for (NfsWire each : more) {
        each.close();
      }
    }
  }

  @Test
  void clientsOfOurOwnCommandAreBelievedLikeThoseOfEfsUtils() throws Exception {
    var user = rig.user("own");
    rig.policy(fileSystem, rig.statement("Allow", "own", ClientRig.MOUNT));
    var key = new MountIdentity.Key(user.key().id(), user.secret(), Optional.empty());
    var identity =
        MountIdentity.create(fileSystem, Optional.empty(), Optional.of(key), ControlPlane.REGION);
    SSLContext tls = MountCertificate.context(identity.shown(rig.clock.now()));
    try (NfsWire wire = rig.wire(fileSystem, 1, tls, Credentials.ROOT)) {
      wire.establish();
      wire.reclaimComplete();
      assertThat(NfsClient.over(wire).readdir(NfsClient.over(wire).root())).isEmpty();
    }
    assertThat(rig.lastEvent().caller().orElseThrow().arn()).endsWith(":user/own");
  }
}
