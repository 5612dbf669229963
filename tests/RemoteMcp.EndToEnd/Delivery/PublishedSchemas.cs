namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>The schemas that <c>tests/fetch-schemas</c> fetches, because no package has them.</summary>
internal static class PublishedSchemas
{
    /// <summary>The environment variable with the folder that they were fetched to.</summary>
    public const string FolderVariable = "REMOTE_MCP_SCHEMAS";

    public static bool AreFetched => Folder is not null;

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static string PathOf(string schema) => Path.Combine(Folder!, schema);
}
