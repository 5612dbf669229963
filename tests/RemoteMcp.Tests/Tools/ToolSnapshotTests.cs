using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>
/// Compares the result of tools/list with the files in Snapshots/, so that a review shows every change that clients and models see.
/// </summary>
public sealed class ToolSnapshotTests
{
    internal const string UpdateVariable = "UPDATE_SNAPSHOTS";

    private static readonly (string, string)[] s_everyTool =
    [
        ("RemoteMcp:Files:AllowChanges", "true"),
        ("RemoteMcp:Azure:Enabled", "true"),
        ("RemoteMcp:Azure:WorkspaceId", "60000000-0000-4000-8000-000000000001"),
    ];

    private static readonly JsonSerializerOptions s_pretty = new(McpJsonUtilities.DefaultOptions)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_tool_matches_its_snapshot()
    {
        await using var server = await ToolServer.StartAsync(s_everyTool);
        var tools = await server.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var listed = tools.ToDictionary(tool => $"{tool.Name}.json", tool => JsonSerializer.Serialize(tool.ProtocolTool, s_pretty) + "\n");
        var folder = Repository.PathOf("tests/RemoteMcp.Tests/Snapshots");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Array.ForEach(Directory.GetFiles(folder, "*.json"), File.Delete);
            foreach ((var file, var content) in listed)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, file), content, TestContext.Current.CancellationToken);
            }
        }

        string[] kept = [.. Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileName(file)!)];
        string[] different =
        [
            .. kept.Union(listed.Keys)
                .Where(file => !kept.Contains(file) || listed.GetValueOrDefault(file) != File.ReadAllText(Path.Combine(folder, file)))
                .Order(),
        ];
        Assert.True(different.Length == 0,
            $"The result of tools/list differs from these files in tests/RemoteMcp.Tests/Snapshots: {string.Join(", ", different)}. "
            + $"If the change is intended, run this test once with {UpdateVariable}=1 and commit the files.");
    }

    [Fact]
    public async Task Every_tool_has_hints_title_output_schema_and_argument_descriptions()
    {
        await using var server = await ToolServer.StartAsync(s_everyTool);

        foreach (var tool in await server.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.NotNull(tool.ProtocolTool.Annotations?.ReadOnlyHint);
            Assert.NotNull(tool.ProtocolTool.Annotations?.OpenWorldHint);
            Assert.NotEmpty(tool.ProtocolTool.Title!);
            Assert.NotNull(tool.ProtocolTool.OutputSchema);
            Assert.All(
                tool.JsonSchema.GetProperty("properties").EnumerateObject(),
                property => Assert.True(property.Value.TryGetProperty("description", out _), $"{tool.Name}.{property.Name}"));
        }
    }
}
