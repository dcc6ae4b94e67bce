package tidefs.nfs4.op;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.XdrOut;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;

/** The arguments of every operation as a client encodes them, and what they mean. */
final class OpSamples {
  /** Arguments, the lowest minor version that has the operation, and the record they decode to. */
  record Sample(int minorVersion, XdrOut arguments, Op expected) {
    ByteBuf bytes() {
      return Unpooled.wrappedBuffer(arguments.toBytes());
    }

    @Override
    public String toString() {
      return expected.getClass().getSimpleName() + " of 4." + minorVersion;
    }
  }

  static final List<Sample> ALL = new ArrayList<>();

  /** The records of all operations. */
  static List<Class<?>> types(Class<?> family) {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> each : family.getPermittedSubclasses()) {
      types.addAll(each.isInterface() ? types(each) : List.of(each));
    }
    return types;
  }

  private static final StateId STATE = new StateId(7, 0x0102030405060708L, 0x090a0b0c);
  private static final StateId OTHER = new StateId(-1, -2, 3);
  private static final StateOwner OWNER = new StateOwner(99, Opaque.utf8("owner"));
  private static final SessionId SESSION = new SessionId(0x1111222233334444L, -5);
  private static final Opaque NAME = Opaque.utf8("näme");

  static {
    version40();
    version40FromReadLink();
    opens();
    locks();
    sessions();
    sessionsAndStates();
    refusedIn41();
    version42();
    version42FromLayoutError();
  }

  private OpSamples() {}

  private static void add(int minorVersion, XdrOut arguments, Op expected) {
    ALL.add(new Sample(minorVersion, arguments, expected));
  }

  private static XdrOut xdr() {
    return new XdrOut();
  }

  private static XdrOut attributes() {
    var out = xdr();
    NewAttributes.none().mode(0640).owner("1000").group("users").touch().encode(out);
    return out;
  }

  private static AttributeChanges changes() {
    return new AttributeChanges(
        Status.OK,
        Bitmap.of(33, 36, 37, 48, 54),
        0,
        0640,
        AttributeChanges.MODE_BITS,
        Opaque.utf8("1000"),
        Opaque.utf8("users"),
        SetTime.TO_SERVER_TIME,
        SetTime.TO_SERVER_TIME);
  }

  private static void version40() {
    add(0, xdr().int32(0x3f), new Access(Access.ALL));
    add(0, xdr().int64(1L << 40).int32(-1), new Commit(1L << 40, -1));
    add(
        0,
        xdr().int32(2).text("näme").raw(attributes().toBytes()),
        new Create(FileType.DIRECTORY, Opaque.EMPTY, 0, 0, NAME, changes()));
    add(
        0,
        xdr().int32(5).text("../x").text("näme").int32(0).int32(0),
        new Create(FileType.SYMBOLIC_LINK, Opaque.utf8("../x"), 0, 0, NAME, AttributeChanges.NONE));
    add(
        0,
        xdr().int32(4).int32(1).int32(3).text("näme").int32(0).int32(0),
        new Create(FileType.CHARACTER_DEVICE, Opaque.EMPTY, 1, 3, NAME, AttributeChanges.NONE));
    add(
        0,
        xdr().int32(12).text("näme").int32(0).int32(0),
        new Create(FileType.UNASSIGNED, Opaque.EMPTY, 0, 0, NAME, AttributeChanges.NONE));
    add(0, xdr().int64(3), new DelegPurge(3));
    add(0, xdr().stateId(STATE), new DelegReturn(STATE));
    add(0, xdr().bitmap(1, 33, 75), new GetAttr(Bitmap.of(1, 33, 75)));
    add(0, xdr(), new GetFh());
    add(0, xdr().text("näme"), new Link(NAME));
    add(0, xdr().text("näme"), new Lookup(NAME));
    add(0, xdr(), new LookupP());
    add(
        0,
        xdr().bitmap(4).opaque(xdr().int64(5).toBytes()),
        new NVerify(new ExpectedAttributes(Bitmap.of(4), Unpooled.buffer().writeLong(5))));
    add(
        0,
        xdr().bitmap(4).opaque(xdr().int64(5).toBytes()),
        new Verify(new ExpectedAttributes(Bitmap.of(4), Unpooled.buffer().writeLong(5))));
    add(0, xdr().bool(true), new OpenAttr(true));
    add(0, xdr().opaque(new byte[] {1, 2, 3}), new PutFh(FileHandle.wrap(new byte[] {1, 2, 3})));
    add(0, xdr(), new PutPubFh());
    add(0, xdr(), new PutRootFh());
    add(0, xdr().stateId(STATE).int64(-1).int32(-1), new Read(STATE, -1, -1));
    add(
        0,
        xdr().int64(3).int64(4).int32(5).int32(6).bitmap(20),
        new ReadDir(3, 4, 5, 6, Bitmap.of(20)));
  }

  private static void version40FromReadLink() {
    add(0, xdr(), new ReadLink());
    add(0, xdr().text("näme"), new Remove(NAME));
    add(0, xdr().text("näme").text("b"), new Rename(NAME, Opaque.utf8("b")));
    add(0, xdr().int64(8), new Renew(8));
    add(0, xdr(), new RestoreFh());
    add(0, xdr(), new SaveFh());
    add(0, xdr().text("näme"), new SecInfo(NAME));
    add(0, xdr().stateId(STATE).raw(attributes().toBytes()), new SetAttr(STATE, changes()));
    add(
        0,
        xdr().int64(1).text("me").int32(2).text("tcp").text("1.2.3.4.8.1").int32(3),
        new SetClientId(
            1, Opaque.utf8("me"), 2, Opaque.utf8("tcp"), Opaque.utf8("1.2.3.4.8.1"), 3));
    add(0, xdr().int64(1).int64(2), new SetClientIdConfirm(1, 2));
    add(
        0,
        xdr().stateId(STATE).int64(9).int32(2).opaque(new byte[] {1, 2, 3, 4, 5}),
        new Write(
            STATE, 9, Stability.FILE_SYNC, Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5})));
    add(0, xdr().owner(99, "owner"), new ReleaseLockOwner(OWNER));
  }

  private static XdrOut open() {
    return xdr().int32(5).int32(3).int32(0).owner(99, "owner");
  }

  private static Op open(CreateHow how, OpenClaim claim) {
    return new Open(5, 3, 0, OWNER, how, claim);
  }

  private static void opens() {
    var no = new CreateHow.No();
    var byName = new OpenClaim.ByName(NAME);
    byte[] attributes = attributes().toBytes();
    add(0, xdr().int32(1).stateId(STATE), new Close(1, STATE));
    add(0, xdr().stateId(STATE).int32(1), new OpenConfirm(STATE, 1));
    add(0, xdr().stateId(STATE).int32(1).int32(2).int32(3), new OpenDowngrade(STATE, 1, 2, 3));
    add(0, open().int32(0).int32(0).text("näme"), open(no, byName));
    add(0, open().int32(0).int32(1).int32(2), open(no, new OpenClaim.Reclaim(2)));
    add(
        0,
        open().int32(0).int32(2).stateId(STATE).text("näme"),
        open(no, new OpenClaim.DelegateCurrent(STATE, NAME)));
    add(0, open().int32(0).int32(3).text("näme"), open(no, new OpenClaim.DelegatePrevious(NAME)));
    add(1, open().int32(0).int32(4), open(no, new OpenClaim.ByHandle()));
    add(
        1,
        open().int32(0).int32(5).stateId(STATE),
        open(no, new OpenClaim.DelegateCurrentByHandle(STATE)));
    add(1, open().int32(0).int32(6), open(no, new OpenClaim.DelegatePreviousByHandle()));
    add(
        0,
        open().int32(1).int32(0).raw(attributes).int32(0).text("näme"),
        open(new CreateHow.Unchecked(changes()), byName));
    add(
        0,
        open().int32(1).int32(1).raw(attributes).int32(0).text("näme"),
        open(new CreateHow.Guarded(changes()), byName));
    add(
        0,
        open().int32(1).int32(2).int64(-9).int32(0).text("näme"),
        open(new CreateHow.Exclusive(-9), byName));
    add(
        1,
        open().int32(1).int32(3).int64(-9).raw(attributes).int32(0).text("näme"),
        open(new CreateHow.ExclusiveWithAttributes(-9, changes()), byName));
  }

  private static void locks() {
    var newOwner = new Lock.NewOwner(1, STATE, 2, OWNER);
    var existing = new Lock.ExistingOwner(STATE, 2);
    add(
        0,
        xdr()
            .int32(2)
            .bool(false)
            .int64(0)
            .int64(-1)
            .bool(true)
            .int32(1)
            .stateId(STATE)
            .int32(2)
            .owner(99, "owner"),
        new Lock(LockType.WRITE, false, 0, -1, newOwner));
    add(
        0,
        xdr().int32(3).bool(true).int64(4).int64(5).bool(false).stateId(STATE).int32(2),
        new Lock(LockType.READ_WAITING, true, 4, 5, existing));
    add(
        0,
        xdr().int32(1).int64(4).int64(5).owner(99, "owner"),
        new LockT(LockType.READ, 4, 5, OWNER));
    add(
        0,
        xdr().int32(4).int32(6).stateId(STATE).int64(4).int64(5),
        new LockU(LockType.WRITE_WAITING, 6, STATE, 4, 5));
  }

  private static XdrOut channel(int seed, boolean rdma) {
    XdrOut out =
        xdr()
            .int32(seed)
            .int32(seed + 1)
            .int32(seed + 2)
            .int32(seed + 3)
            .int32(seed + 4)
            .int32(seed + 5);
    return rdma ? out.int32(1).int32(17) : out.int32(0);
  }

  private static ChannelAttributes channel(int seed) {
    return new ChannelAttributes(seed, seed + 1, seed + 2, seed + 3, seed + 4, seed + 5);
  }

  private static void sessions() {
    XdrOut security = xdr().int32(3).int32(0);
    security.int32(1).int32(9).text("host").int32(10).int32(11).int32(2).int32(12).int32(13);
    security.int32(6).int32(2).text("server").text("client");
    List<CallbackSecurity> kinds =
        List.of(
            new CallbackSecurity.None(),
            new CallbackSecurity.Sys(9, Opaque.utf8("host"), 10, 11, List.of(12, 13)),
            new CallbackSecurity.Gss(2, Opaque.utf8("server"), Opaque.utf8("client")));
    add(1, xdr().int32(5).raw(security.toBytes()), new BackchannelCtl(5, kinds));
    add(
        1,
        xdr().int64(SESSION.high()).int64(-5).int32(7).bool(false),
        new BindConnToSession(SESSION, BindConnToSession.Direction.BACK_OR_BOTH, false));
    clients(security, kinds);
  }

  private static void clients(XdrOut security, List<CallbackSecurity> kinds) {
    add(
        1,
        xdr()
            .int64(1)
            .text("me")
            .int32(0x103)
            .int32(0)
            .int32(1)
            .text("kernel.org")
            .text("Linux")
            .int64(5)
            .int32(6),
        new ExchangeId(
            1,
            Opaque.utf8("me"),
            0x103,
            ExchangeId.StateProtection.NONE,
            List.of(new ImplementationId(Opaque.utf8("kernel.org"), Opaque.utf8("Linux"), 5, 6))));
    add(
        1,
        xdr().int64(1).text("me").int32(0).int32(1).bitmap(4, 41).bitmap(9).int32(0),
        new ExchangeId(
            1, Opaque.utf8("me"), 0, ExchangeId.StateProtection.MACHINE_CREDENTIALS, List.of()));
    add(
        1,
        xdr()
            .int64(1)
            .text("me")
            .int32(0)
            .int32(2)
            .bitmap(4)
            .bitmap(9)
            .int32(2)
            .text("sha")
            .text("md5")
            .int32(1)
            .text("aes")
            .int32(1)
            .int32(2)
            .int32(0),
        new ExchangeId(1, Opaque.utf8("me"), 0, ExchangeId.StateProtection.SSV, List.of()));
    add(
        1,
        xdr()
            .int64(1)
            .int32(2)
            .int32(3)
            .raw(channel(100, false).toBytes())
            .raw(channel(200, true).toBytes())
            .int32(4)
            .raw(security.toBytes()),
        new CreateSession(1, 2, 3, channel(100), channel(200), 4, kinds));
  }

  private static void sessionsAndStates() {
    add(1, xdr().int64(SESSION.high()).int64(-5), new DestroySession(SESSION));
    add(1, xdr().stateId(STATE), new FreeStateId(STATE));
    add(1, xdr().int32(1), new SecInfoNoName(true));
    add(
        1,
        xdr().int64(SESSION.high()).int64(-5).int32(1).int32(2).int32(3).bool(true),
        new Sequence(SESSION, 1, 2, 3, true));
    add(1, xdr().int32(2).stateId(STATE).stateId(OTHER), new TestStateId(List.of(STATE, OTHER)));
    add(1, xdr().int64(4), new DestroyClientId(4));
    add(1, xdr().bool(true), new ReclaimComplete(true));
  }

  private static void refusedIn41() {
    byte[] device = new byte[16];
    add(
        1,
        xdr().bool(true).bitmap(1).int64(1).int32(2).int64(3).int32(4).bitmap(5).bitmap(6),
        new GetDirDelegation(true));
    add(1, xdr().fixed(device).int32(1).int32(2).bitmap(3), new GetDeviceInfo(1, 2));
    add(1, xdr().int32(1).int32(2).int64(3).int64(4), new GetDeviceList(1, 2, 3, 4));
    add(
        1,
        xdr()
            .int64(1)
            .int64(2)
            .bool(false)
            .stateId(STATE)
            .bool(true)
            .int64(3)
            .bool(true)
            .int64(4)
            .int32(5)
            .int32(1)
            .text("body"),
        new LayoutCommit(1, 2, false, STATE));
    add(
        1,
        xdr().int64(1).int64(2).bool(true).stateId(STATE).bool(false).bool(false).int32(1).text(""),
        new LayoutCommit(1, 2, true, STATE));
    add(
        1,
        xdr().bool(false).int32(1).int32(2).int64(3).int64(4).int64(5).stateId(STATE).int32(6),
        new LayoutGet(false, 1, 2, 3, 4, 5, STATE, 6));
    add(
        1,
        xdr().bool(false).int32(1).int32(2).int32(1).int64(3).int64(4).stateId(STATE).text("body"),
        new LayoutReturn(false, 1, 2, 1));
    add(1, xdr().bool(false).int32(1).int32(2).int32(3), new LayoutReturn(false, 1, 2, 3));
    add(1, xdr().text("ssv").text("digest"), new SetSsv());
    add(1, xdr().int32(1).int32(1).int32(2), new WantDelegation(1, 1));
    add(1, xdr().int32(1).int32(4), new WantDelegation(1, 4));
  }

  private static void version42() {
    add(2, xdr().stateId(STATE).int64(1).int64(2), new Allocate(STATE, 1, 2));
    add(
        2,
        xdr()
            .stateId(STATE)
            .stateId(OTHER)
            .int64(1)
            .int64(2)
            .int64(3)
            .bool(true)
            .bool(false)
            .int32(0),
        new Copy(STATE, OTHER, 1, 2, 3, true, false, false));
    add(
        2,
        xdr()
            .stateId(STATE)
            .stateId(OTHER)
            .int64(1)
            .int64(2)
            .int64(3)
            .bool(true)
            .bool(true)
            .int32(2)
            .int32(1)
            .text("host")
            .int32(3)
            .text("tcp")
            .text("1.2.3.4.8.1"),
        new Copy(STATE, OTHER, 1, 2, 3, true, true, true));
    add(2, xdr().stateId(STATE).int32(2).text("nfs://host"), new CopyNotify(STATE));
    add(2, xdr().stateId(STATE).int64(1).int64(2), new Deallocate(STATE, 1, 2));
    add(
        2,
        xdr().stateId(STATE).int64(1).int64(2).bitmap(3),
        new IoAdvise(STATE, 1, 2, Bitmap.of(3)));
  }

  private static void version42FromLayoutError() {
    byte[] device = new byte[16];
    add(
        2,
        xdr().int64(1).int64(2).stateId(STATE).int32(1).fixed(device).int32(5).int32(38),
        new LayoutError(1, 2, STATE));
    add(
        2,
        xdr()
            .int64(1)
            .int64(2)
            .stateId(STATE)
            .int64(3)
            .int64(4)
            .int64(5)
            .int64(6)
            .fixed(device)
            .int32(1)
            .text("body"),
        new LayoutStats(1, 2, STATE));
    add(2, xdr().stateId(STATE), new OffloadCancel(STATE));
    add(2, xdr().stateId(STATE), new OffloadStatus(STATE));
    add(2, xdr().stateId(STATE).int64(1).int32(2), new ReadPlus(STATE, 1, 2));
    add(2, xdr().stateId(STATE).int64(1).int32(1), new Seek(STATE, 1, Seek.HOLE));
    add(
        2,
        xdr()
            .stateId(STATE)
            .int32(1)
            .int64(1)
            .int64(2)
            .int64(3)
            .int64(4)
            .int32(5)
            .int64(6)
            .text("pattern"),
        new WriteSame(STATE, Stability.DATA_SYNC));
    add(
        2,
        xdr().stateId(STATE).stateId(OTHER).int64(1).int64(2).int64(3),
        new Clone(STATE, OTHER, 1, 2, 3));
    add(2, xdr().text("näme"), new GetXattr(NAME));
    add(
        2,
        xdr().int32(2).text("näme").text("v"),
        new SetXattr(SetXattr.Option.REPLACE, NAME, Unpooled.wrappedBuffer(new byte[] {'v'})));
    add(2, xdr().int64(1).int32(2), new ListXattrs(1, 2));
    add(2, xdr().text("näme"), new RemoveXattr(NAME));
  }
}
