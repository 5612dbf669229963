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
internal sealed class GuardedCode
{
    public const string Secret = "the crown jewels";

    private readonly ConcurrentQueue<string> _calls = new();

    public IReadOnlyCollection<string> Calls => _calls;

    public string Run(string caller)
    {
        _calls.Enqueue(caller);
        return Secret;
    }
}

[McpServerToolType]
internal sealed class GuardedTools(GuardedCode code)
{
    [McpServerTool(Name = "read_notes")]
    public static string ReadNotes() => "notes";

    [McpServerTool(Name = "write_notes"), RequiresScope("Files.Write", AppRole = "Files.Write.All")]
    public string WriteNotes() => code.Run("write_notes");

    [McpServerTool(Name = "publish_notes"), RequiresScope("Files.Write", AppRole = "Files.Write.All"), RequiresScope("Files.Read")]
    public string PublishNotes() => code.Run("publish_notes");

    [McpServerTool(Name = "administer"), RequiresRole("Mcp.Admin")]
    public string Administer() => code.Run("administer");

    [McpServerTool(Name = "burn_notes"), RequiresScope("Files.Write")]
    public async Task<string> BurnNotes(UserPrompts prompts, CancellationToken cancellationToken) =>
        await prompts.ConfirmAsync("Burn them?", cancellationToken) ? code.Run("burn_notes") : "kept";
}

/// <summary>Declares a tool that a class with a required permission inherits.</summary>
internal abstract class InheritedTool(GuardedCode code)
{
    [McpServerTool(Name = "open_drawer")]
    public string OpenDrawer() => code.Run("open_drawer");
}

[McpServerToolType, RequiresRole("Mcp.Admin")]
internal sealed class GuardedInheritedTool(GuardedCode code) : InheritedTool(code);

[McpServerPromptType]
internal sealed class GuardedPrompts(GuardedCode code)
{
    [McpServerPrompt(Name = "greeting")]
    public static string Greeting([AllowedValues("hello", "good day")] string words) => words;

    [McpServerPrompt(Name = "postmortem"), RequiresScope("Files.Read")]
    public string Postmortem([AllowedValues(GuardedCode.Secret, "a ring")] string about) => code.Run("postmortem of " + about);
}

[McpServerResourceType]
internal sealed class GuardedResources(GuardedCode code)
{
    [McpServerResource(UriTemplate = "notes://public", Name = "public")]
    public static string Public() => "notes";

    [McpServerResource(UriTemplate = "notes://open/{name}", Name = "open")]
    public static string Open(string name) => name;

    [McpServerResource(UriTemplate = "notes://secret", Name = "secret"), RequiresScope("Files.Read")]
    public string Secret() => code.Run("secret");

    [McpServerResource(UriTemplate = "notes://archive/{name}", Name = "archive"), RequiresScope("Files.Read"), Description("Old ones.")]
    public string Archive([AllowedValues(GuardedCode.Secret, "a ring")] string name) => code.Run("archive of " + name);

    // This template also matches the URIs of the template above.
    [McpServerResource(UriTemplate = "notes://{shelf}/{name}", Name = "any"), RequiresScope("Files.Read")]
    public string Any(string shelf, string name) => code.Run(shelf + name);
}
