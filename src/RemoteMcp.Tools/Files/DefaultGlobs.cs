namespace RemoteMcp.Tools.Files;

/// <summary>Globs that the tools start from.</summary>
internal static class DefaultGlobs
{
    /// <summary>All files.</summary>
    public const string Include = "*";

    /// <summary>What is versioned or installed by machines, large, and hardly ever meant.</summary>
    public const string Exclude = "{.git,node_modules}";
}
