using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Elicitation;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>
/// Records the code that ran after a permission check, and provides the text that no caller without the permission may get.
/// </summary>
internal sealed class Vault
{
    public const string Jewels = "the crown jewels";

    private readonly ConcurrentQueue<string> _opened = new();

    public IReadOnlyCollection<string> Opened => _opened;

    public string Open(string by)
    {
        _opened.Enqueue(by);
        return Jewels;
    }
}

[McpServerToolType]
internal sealed class GuardedTools(Vault vault)
{
    [McpServerTool(Name = "read_notes")]
    public static string ReadNotes() => "notes";

    [McpServerTool(Name = "write_notes"), RequiresScope("Files.Write", AppRole = "Files.Write.All")]
    public string WriteNotes() => vault.Open("write_notes");

    [McpServerTool(Name = "publish_notes"), RequiresScope("Files.Write", AppRole = "Files.Write.All"), RequiresScope("Files.Read")]
    public string PublishNotes() => vault.Open("publish_notes");

    [McpServerTool(Name = "administer"), RequiresRole("Mcp.Admin")]
    public string Administer() => vault.Open("administer");

    [McpServerTool(Name = "burn_notes"), RequiresScope("Files.Write")]
    public async Task<string> BurnNotes(UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.ConfirmAsync("Burn them?", cancellationToken) ? vault.Open("burn_notes") : "kept";
}

/// <summary>Declares a tool that a class with a required permission inherits.</summary>
internal abstract class Drawer(Vault vault)
{
    [McpServerTool(Name = "open_drawer")]
    public string OpenDrawer() => vault.Open("open_drawer");
}

[McpServerToolType, RequiresRole("Mcp.Admin")]
internal sealed class LockedDrawer(Vault vault) : Drawer(vault);

[McpServerPromptType]
internal sealed class GuardedPrompts(Vault vault)
{
    [McpServerPrompt(Name = "greeting")]
    public static string Greeting([AllowedValues("hello", "good day")] string words) => words;

    [McpServerPrompt(Name = "postmortem"), RequiresScope("Files.Read")]
    public string Postmortem([AllowedValues(Vault.Jewels, "a ring")] string about) => vault.Open("postmortem of " + about);
}

[McpServerResourceType]
internal sealed class GuardedResources(Vault vault)
{
    [McpServerResource(UriTemplate = "notes://public", Name = "public")]
    public static string Public() => "notes";

    [McpServerResource(UriTemplate = "notes://open/{name}", Name = "open")]
    public static string Open(string name) => name;

    [McpServerResource(UriTemplate = "notes://secret", Name = "secret"), RequiresScope("Files.Read")]
    public string Secret() => vault.Open("secret");

    [McpServerResource(UriTemplate = "notes://archive/{name}", Name = "archive"), RequiresScope("Files.Read"), Description("Old ones.")]
    public string Archive([AllowedValues(Vault.Jewels, "a ring")] string name) => vault.Open("archive of " + name);

    // This template also matches the URIs of the template above.
    [McpServerResource(UriTemplate = "notes://{shelf}/{name}", Name = "any"), RequiresScope("Files.Read")]
    public string Any(string shelf, string name) => vault.Open(shelf + name);
}
