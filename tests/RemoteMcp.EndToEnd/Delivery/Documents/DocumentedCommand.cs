using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>A command as a document shows it, in a shell block or as a span of code.</summary>
internal sealed record DocumentedCommand(string File, int Line, string Command)
{
    /// <summary>Those of every document but the change log, which tells what happened and not what to do.</summary>
    public static async Task<IReadOnlyList<DocumentedCommand>> AllAsync()
    {
        var documents = Repository.Files().Where(static file => file.EndsWith(".md", StringComparison.Ordinal) && file != "CHANGELOG.md").Select(Repository.PathOf);
        var result = await NodeClient.RunAsync("checks/commands.mjs", documents, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<DocumentedCommand>(line, JsonSerializerOptions.Web)!)];
    }

    public override string ToString() => $"{Path.GetRelativePath(Repository.Root, File)}:{Line}: {Command}";
}
