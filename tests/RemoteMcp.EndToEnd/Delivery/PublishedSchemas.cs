namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>The schemas that <c>tests/fetch-schemas</c> downloads because no package contains them.</summary>
internal static class PublishedSchemas
{
    /// <summary>The environment variable that names the folder with the downloaded schemas.</summary>
    public const string FolderVariable = "REMOTE_MCP_SCHEMAS";

    public static bool AreFetched => Folder is not null;

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static string PathOf(string schema) => Path.Combine(Folder!, schema);
}
