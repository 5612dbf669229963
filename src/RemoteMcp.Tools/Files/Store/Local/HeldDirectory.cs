namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>An open directory below the root, which stays open during a change in it.</summary>
internal abstract class HeldDirectory : IDisposable
{
    /// <summary>Returns the path by which the operating system accesses an entry. Never return it to a caller.</summary>
    /// <param name="name">The name of the entry, without a directory.</param>
    public abstract string NameOf(string name);

    /// <summary>Returns an entry of the directory. If the entry is a link, returns the link and does not follow it.</summary>
    /// <returns>The entry, or <see langword="null"/> if it does not exist.</returns>
    public abstract FileEntry? Find(FilePath child);

    /// <summary>Closes the directory.</summary>
    public abstract void Dispose();
}
