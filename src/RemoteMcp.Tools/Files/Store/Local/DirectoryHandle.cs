namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>A directory below the root that was resolved once, and stays open while an entry in it is changed.</summary>
internal abstract class DirectoryHandle : IDisposable
{
    /// <summary>
    /// Gets the path of the directory below the root after all links were followed, with <c>/</c> between names. Empty for the root.
    /// </summary>
    public abstract string PathBelowRoot { get; }

    /// <summary>Returns the path by which the operating system accesses an entry. Never show it to the caller of a tool.</summary>
    /// <param name="name">The name of the entry, without a directory.</param>
    public abstract string PathOf(string name);

    /// <summary>Returns an entry of the directory. If the entry is a link, returns the link and does not follow it.</summary>
    /// <param name="child">The path of the entry in the store. Only its last name is used.</param>
    /// <returns>The entry, or <see langword="null"/> if it does not exist.</returns>
    public abstract FileEntry? Find(FilePath child);

    /// <summary>Closes the directory.</summary>
    public abstract void Dispose();
}
