package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;

/** A file whose attributes mostly have their own numbers as values. */
final class FileAttributesOfTest implements AttributeSource {
  @Override
  public Bitmap supported() {
    return Attributes.READABLE.or(Attributes.SETTABLE);
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public long change() {
    return 3;
  }

  @Override
  public long size() {
    return 4;
  }

  @Override
  public long fileSystemMajor() {
    return 8;
  }

  @Override
  public long fileSystemMinor() {
    return 9;
  }

  @Override
  public int leaseSeconds() {
    return 90;
  }

  @Override
  public FileHandle fileHandle() {
    return FileHandle.wrap(new byte[] {1, 9, 0, 0, 0});
  }

  @Override
  public long fileId() {
    return 20;
  }

  @Override
  public long maxFileSize() {
    return 27;
  }

  @Override
  public int maxLinks() {
    return 28;
  }

  @Override
  public long maxReadBytes() {
    return 30;
  }

  @Override
  public long maxWriteBytes() {
    return 31;
  }

  @Override
  public int mode() {
    return 0644;
  }

  @Override
  public int links() {
    return 2;
  }

  @Override
  public int owner() {
    return -2;
  }

  @Override
  public int ownerGroup() {
    return 0;
  }

  @Override
  public long spaceAvailable() {
    return 42;
  }

  @Override
  public long spaceFree() {
    return 43;
  }

  @Override
  public long spaceTotal() {
    return 44;
  }

  @Override
  public int cloneBlockBytes() {
    return 4_096;
  }

  @Override
  public long spaceUsed() {
    return 45;
  }

  @Override
  public long accessSeconds() {
    return 47;
  }

  @Override
  public int accessNanos() {
    return 1;
  }

  @Override
  public long createSeconds() {
    return 50;
  }

  @Override
  public int createNanos() {
    return 2;
  }

  @Override
  public long metadataSeconds() {
    return 52;
  }

  @Override
  public int metadataNanos() {
    return 3;
  }

  @Override
  public long modifySeconds() {
    return -53;
  }

  @Override
  public int modifyNanos() {
    return 4;
  }

  @Override
  public boolean delegates() {
    return true;
  }
}
