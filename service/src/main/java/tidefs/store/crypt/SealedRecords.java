package tidefs.store.crypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tidefs.base.Chance;
import tidefs.base.Invariant;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;

/**
 * Records under the key of a file system: values by AES-256-GCM, each bound to its key; of keys,
 * what is more than numbers by a synthetic initialisation vector. The essay is the package's.
 *
 * <pre>
 * value: format (1), session (12), number (6), encrypted value, tag (16)
 * key:   clear beginning, vector (16), encrypted rest; or only numbers, as they are
 * </pre>
 */
public final class SealedRecords implements RecordCipher {
  private static final byte FORMAT = 1;
  private static final int SESSION_BYTES = 12;
  private static final int NUMBER_BYTES = 6;
  private static final int HEADER_BYTES = 1 + SESSION_BYTES + NUMBER_BYTES;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int VECTOR_BYTES = 16;
  private static final long LAST_NUMBER = (1L << (8 * NUMBER_BYTES)) - 1;
  private static final int KNOWN_SESSIONS = 4096;

  private final DataKeys keys;
  private final ToIntFunction<byte[]> clearBytes;
  private final byte[] session = new byte[SESSION_BYTES];
  private final SecretKeySpec sessionKey;
  private final AtomicLong number = new AtomicLong();
  private final ConcurrentHashMap<ByteBuffer, SecretKeySpec> sessions = new ConcurrentHashMap<>();
  private final SecretKeySpec nameKey;
  private final SecretKeySpec vectorKey;
  private final ThreadLocal<Tools> tools = ThreadLocal.withInitial(this::newTools);

  /**
   * Begins a session.
   *
   * @param clearBytes how many bytes at the beginning of a key are no secret: the order of keys is
   *     kept among these, and bounds of scans end within them
   */
  public SealedRecords(DataKeys keys, Chance chance, ToIntFunction<byte[]> clearBytes) {
    this.keys = keys;
    this.clearBytes = clearBytes;
    chance.fill(session);
    sessionKey = keys.newest().derive("records", session);
    nameKey = keys.first().derive("record keys", new byte[0]);
    vectorKey = keys.first().derive("record key vectors", new byte[0]);
  }

  /** The same with one key. */
  public SealedRecords(DataKey key, Chance chance, ToIntFunction<byte[]> clearBytes) {
    this(DataKeys.of(key), chance, clearBytes);
  }

  /** What one thread works with. */
  private record Tools(Cipher seal, Cipher open, Cipher names, Mac vectors) {}

  private Tools newTools() {
    try {
      Mac vectors = Mac.getInstance("HmacSHA256");
      vectors.init(vectorKey);
      return new Tools(gcm(), gcm(), Cipher.getInstance("AES/CTR/NoPadding"), vectors);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES and HMAC", e);
    }
  }

  private static Cipher gcm() throws GeneralSecurityException {
    return Cipher.getInstance("AES/GCM/NoPadding");
  }

  @Override
  public byte[] sealValue(byte[] storedKey, byte[] value) {
    long mine = number.getAndIncrement();
    Invariant.check(mine <= LAST_NUMBER, "a session has numbers left");
    byte[] sealed = new byte[HEADER_BYTES + value.length + TAG_BYTES];
    ByteBuffer header = ByteBuffer.wrap(sealed).put(FORMAT).put(session);
    header.putShort((short) (mine >>> 32)).putInt((int) mine);
    try {
      Cipher cipher = tools.get().seal();
      cipher.init(Cipher.ENCRYPT_MODE, sessionKey, nonce(sealed));
      cipher.updateAAD(storedKey);
      cipher.doFinal(value, 0, value.length, sealed, HEADER_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a session never uses a number twice", e);
    }
  }

  @Override
  public byte[] openValue(byte[] storedKey, byte[] stored) {
    if (stored.length < HEADER_BYTES + TAG_BYTES || stored[0] != FORMAT) {
      throw new StoreFault("a record is not encrypted in a way that is known");
    }
    try {
      SecretKeySpec known = keyOf(stored);
      return known == null ? openFirst(storedKey, stored) : open(storedKey, stored, known);
    } catch (GeneralSecurityException e) {
      throw new StoreFault("a record was encrypted with another key, or was changed", e);
    }
  }

  private byte[] open(byte[] storedKey, byte[] stored, SecretKeySpec with)
      throws GeneralSecurityException {
    Cipher cipher = tools.get().open();
    cipher.init(Cipher.DECRYPT_MODE, with, nonce(stored));
    cipher.updateAAD(storedKey);
    return cipher.doFinal(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
  }

  /** Opens the first value that is seen of a session: the data key that opens it is the one. */
  private byte[] openFirst(byte[] storedKey, byte[] stored) throws GeneralSecurityException {
    byte[] other = Arrays.copyOfRange(stored, 1, 1 + SESSION_BYTES);
    GeneralSecurityException refusal = new GeneralSecurityException("there is no key");
    for (DataKeys.Era each : keys.eras().reversed()) {
      SecretKeySpec derived = each.key().derive("records", other);
      try {
        byte[] value = open(storedKey, stored, derived);
        if (sessions.size() >= KNOWN_SESSIONS) {
          sessions.clear();
        }
        sessions.put(ByteBuffer.wrap(other), derived);
        return value;
      } catch (GeneralSecurityException e) {
        refusal = e;
      }
    }
    throw refusal;
  }

  private static GCMParameterSpec nonce(byte[] sealed) {
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(
        sealed, HEADER_BYTES - NUMBER_BYTES, nonce, NONCE_BYTES - NUMBER_BYTES, NUMBER_BYTES);
    return new GCMParameterSpec(8 * TAG_BYTES, nonce);
  }

  /** The key of the session that a value was sealed in, if that is known. */
  private @Nullable SecretKeySpec keyOf(byte[] sealed) {
    if (Arrays.equals(session, 0, SESSION_BYTES, sealed, 1, 1 + SESSION_BYTES)) {
      return sessionKey;
    }
    return sessions.get(ByteBuffer.wrap(sealed, 1, SESSION_BYTES));
  }

  @Override
  public byte[] bound(byte[] bound) {
    Invariant.check(
        bound.length == 0 || bound.length <= clearBytes.applyAsInt(bound),
        "a scan begins and ends where the order of keys is kept");
    return bound;
  }

  @Override
  public byte[] sealKey(byte[] plain) {
    int clear = clearBytes.applyAsInt(plain);
    int rest = plain.length - clear;
    if (rest <= 0) {
      return plain;
    }
    Tools mine = tools.get();
    byte[] vector = Arrays.copyOf(mine.vectors().doFinal(plain), VECTOR_BYTES);
    byte[] sealed = Arrays.copyOf(plain, plain.length + VECTOR_BYTES);
    System.arraycopy(vector, 0, sealed, clear, VECTOR_BYTES);
    crypt(mine, vector, plain, clear, rest, sealed, clear + VECTOR_BYTES);
    return sealed;
  }

  @Override
  public byte[] openKey(byte[] stored) {
    int clear = clearBytes.applyAsInt(stored);
    int rest = stored.length - clear;
    if (rest <= 0) {
      return stored;
    }
    if (rest <= VECTOR_BYTES) {
      throw new StoreFault("the key of a record is not encrypted");
    }
    Tools mine = tools.get();
    byte[] vector = Arrays.copyOfRange(stored, clear, clear + VECTOR_BYTES);
    byte[] plain = Arrays.copyOf(stored, stored.length - VECTOR_BYTES);
    crypt(mine, vector, stored, clear + VECTOR_BYTES, rest - VECTOR_BYTES, plain, clear);
    byte[] right = Arrays.copyOf(mine.vectors().doFinal(plain), VECTOR_BYTES);
    if (!MessageDigest.isEqual(vector, right)) {
      throw new StoreFault("the key of a record was encrypted with another key, or was changed");
    }
    return plain;
  }

  private void crypt(
      Tools mine, byte[] vector, byte[] from, int at, int count, byte[] to, int toAt) {
    try {
      mine.names().init(Cipher.ENCRYPT_MODE, nameKey, new IvParameterSpec(vector));
      mine.names().doFinal(from, at, count, to, toAt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("counter mode takes any bytes", e);
    }
  }
}
