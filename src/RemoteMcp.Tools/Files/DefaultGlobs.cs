namespace RemoteMcp.Tools.Files;

/// <summary>The default globs of the tools.</summary>
internal static class DefaultGlobs
{
    /// <summary>The glob for all files.</summary>
    public const string Include = "*";

    /// <summary>The glob for large directories of version control and package managers, which callers rarely want.</summary>
    public const string Exclude = "{.git,node_modules}";
}
