namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>A directory below the root, held while something in it changes.</summary>
internal abstract class HeldDirectory : IDisposable
{
    /// <summary>What the operating system knows an entry by; nothing of it may reach a caller.</summary>
    /// <param name="name">One name, not a path.</param>
    public abstract string NameOf(string name);

    /// <summary>Looks at an entry; a link is named, not followed.</summary>
    /// <returns>The entry, or <see langword="null"/> when there is none.</returns>
    public abstract FileEntry? Find(FilePath child);

    /// <summary>Lets go of it.</summary>
    public abstract void Dispose();
}
