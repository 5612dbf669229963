using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>A command in a document, from a shell block or a code span.</summary>
internal sealed record DocumentedCommand(string File, int Line, string Command)
{
    /// <summary>Reads the commands of all documents except the change log, which describes the past and gives no instructions.</summary>
    public static async Task<IReadOnlyList<DocumentedCommand>> AllAsync()
    {
        var documents = Repository.Files()
            .Where(static file => file.EndsWith(".md", StringComparison.Ordinal) && file != "CHANGELOG.md")
            .Select(Repository.PathOf);
        var result = await NodeClient.RunAsync("checks/commands.mjs", documents, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonSerializer.Deserialize<DocumentedCommand>(line, JsonSerializerOptions.Web)!)];
    }

    public override string ToString() => $"{Path.GetRelativePath(Repository.Root, File)}:{Line}: {Command}";
}
