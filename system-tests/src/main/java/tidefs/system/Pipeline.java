package tidefs.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.CompoundResult;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.XdrOut;

/** A client on 4.1 that keeps several requests under way, each of which has to succeed. */
final class Pipeline implements AutoCloseable {
  private static final int DEPTH = 12;
  private static final int PAGE_BYTES = 32 << 10;

  private final NfsClient client;
  private final Deque<Integer> underWay = new ArrayDeque<>();
  private int sent;

  Pipeline(Server.Export export, String name) throws IOException {
    client =
        NfsClient.connect(
            new InetSocketAddress(export.address(), export.port()), 1, Credentials.ROOT, name);
  }

  /** What is done one after the other, when nothing is under way. */
  NfsClient client() throws IOException {
    finish();
    return client;
  }

  /** Makes an empty file; waits for the oldest request if there are many. */
  void create(FileHandle directory, String name) throws IOException {
    XdrOut how = new XdrOut().int32(1).int32(1);
    NewAttributes.none().mode(0644).encode(how);
    long clientId = client.wire().clientId();
    XdrOut claim = new XdrOut().int32(0).text(name);
    send(
        next()
            .putFh(directory)
            .open(0, Share.ACCESS_BOTH, Share.DENY_NONE, clientId, NfsClient.OWNER, how, claim)
            .close(0, StateId.CURRENT));
  }

  /** Looks a file up, likewise. */
  void lookUp(FileHandle directory, String name) throws IOException {
    send(next().putFh(directory).lookup(name).getFh());
  }

  /** Reads a directory from its beginning to its end; returns how many entries it has. */
  long list(FileHandle directory) throws IOException {
    finish();
    long found = 0;
    long cookie = 0;
    long verifier = 0;
    CompoundResult.Listing page;
    do {
      Compound call =
          client
              .wire()
              .compound()
              .putFh(directory)
              .readDir(cookie, verifier, PAGE_BYTES, PAGE_BYTES);
      page = client.wire().call(call).ok().last(CompoundResult.Listing.class);
      verifier = page.verifier();
      found += page.entries().size();
      cookie = page.entries().isEmpty() ? cookie : page.entries().getLast().cookie();
    } while (!page.eof());
    return found;
  }

  /** Waits for all that is under way. */
  void finish() throws IOException {
    while (!underWay.isEmpty()) {
      receive();
    }
  }

  private Compound next() throws IOException {
    if (underWay.size() == DEPTH) {
      receive();
    }
    return client.wire().compound(sent++ % DEPTH + 1);
  }

  private void send(Compound compound) throws IOException {
    underWay.add(client.wire().send(compound));
  }

  private void receive() throws IOException {
    Status status = client.wire().receive(underWay.remove()).status();
    if (status != Status.OK) {
      throw new AssertionError("a request was answered " + status);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
