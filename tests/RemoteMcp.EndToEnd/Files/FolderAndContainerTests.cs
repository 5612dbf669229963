using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Files;

/// <summary>Tests that a server with a folder and a server with a container give clients the same results for the same content.</summary>
public sealed class FolderAndContainerTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-folder-");
    private AzuriteContainer _container = null!;
    private ServerProcess _ofFolder = null!;
    private ServerProcess _ofContainer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Dictionary<string, byte[]> Files { get; } = new()
    {
        ["README.md"] = Encoding.UTF8.GetBytes("# Team\nThe needle is here.\r\nlast line"),
        ["a-b.txt"] = "needle\n"u8.ToArray(),
        ["a.txt"] = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("größer\nneedle\n")).ToArray(),
        ["a/x.cs"] = "class Needle;\n"u8.ToArray(),
        ["a/y/z.cs"] = Encoding.UTF8.GetBytes(string.Concat(
            Enumerable.Range(1, 40_000).Select(n => $"line {n} {(n % 9999 == 0 ? "needle" : "hay")}\n"))),
        ["a0"] = "0"u8.ToArray(),
        ["bin/tool.dll"] = [77, 90, 0, 0, 1, 2, 3],
        ["empty"] = [],
        [".hidden/x"] = "needle"u8.ToArray(),
        ["node_modules/m/index.js"] = "needle"u8.ToArray(),
        ["odd/100% ü&ö #hash @scope%2fname.txt"] = "needle"u8.ToArray(),
        ["R&D/plan?.txt"] = "needle"u8.ToArray(),
        ["latin1.txt"] = Encoding.Latin1.GetBytes(new string('x', 100_000) + "\nGröße: needle\n"),
        ["hidden.txt"] = Encoding.UTF8.GetBytes("needle \u202E\u001B[2K\n"),
        ["long.json"] = Encoding.UTF8.GetBytes($"{{{string.Concat(Enumerable.Repeat("\"größe\":1,", 30_000))}\"needle\":2}}"),
        ["odd/\uFB01"] = "needle"u8.ToArray(),
        ["odd/😀/z"] = "needle"u8.ToArray(),
        ["Z"] = "z"u8.ToArray(),
    };

    public async ValueTask InitializeAsync()
    {
        _container = await AzuriteContainer.CreateAsync(await azurite.GetAsync(), Cancellation);
        await _container.FillAsync(Files, Cancellation);
        foreach ((var path, var content) in Files)
        {
            var file = Path.Combine(_folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content, Cancellation);
        }

        _ofFolder = await ServerProcess.StartAsync(Programs.RemoteMcp, ["serve", "--root", _folder.FullName], Cancellation);
        _ofContainer = await ServerProcess.StartAsync(Programs.RemoteMcp, ["serve", .. _container.Settings()], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_ofContainer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_ofFolder?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_tool_returns_the_same_pages_for_a_folder_and_a_container()
    {
        await using var folder = await ConnectAsync(_ofFolder);
        await using var container = await ConnectAsync(_ofContainer);
        (string Tool, object Arguments)[] calls =
        [
            ("list_directory", new { }),
            ("list_directory", new { limit = 2 }),
            ("list_directory", new { path = "a" }),
            ("list_directory", new { path = "odd", limit = 1 }),
            ("list_directory", new { recursive = true, limit = 3 }),
            ("list_directory", new { recursive = true, exclude_pattern = "" }),
            ("list_directory", new { recursive = true, file_pattern = "*.{cs,md}" }),
            ("list_directory", new { path = "a/x.cs" }),
            ("list_directory", new { path = "nowhere" }),
            ("list_directory", new { path = "../x" }),
            .. Files.Keys.Select(path => ("read_file", (object)new { path })),
            ("read_file", new { path = "a/y/z.cs", offset = 20_000, limit = 3 }),
            ("read_file", new { path = "a/y/z.cs", offset = -3 }),
            ("read_file", new { path = "a/y/z.cs", offset = 40_001 }),
            ("read_file", new { path = "long.json", column = 100_001 }),
            ("read_file", new { path = "long.json", column = 299_990 }),
            ("read_file", new { path = "long.json", column = 400_000 }),
            ("read_file", new { path = "latin1.txt", offset = -1 }),
            ("read_file", new { path = "a" }),
            ("read_file", new { path = "." }),
            ("read_file", new { path = "nowhere" }),
            ("read_file", new { path = "a.txt/x" }),
            ("search_files", new { query = "needle" }),
            ("search_files", new { query = "needle", limit = 2 }),
            ("search_files", new { query = "needle", exclude_pattern = "" }),
            ("search_files", new { query = "n[e]+dle", regex = true, case_sensitive = true, path = "a" }),
            ("search_files", new { query = "needle", path = "a.txt" }),
            ("search_files", new { query = "needle", path = "nowhere" }),
        ];

        foreach ((var tool, var arguments) in calls)
        {
            var expected = await AnswersAsync(folder, tool, arguments);
            Assert.True(
                expected == await AnswersAsync(container, tool, arguments),
                $"{tool} {JsonSerializer.Serialize(arguments)}: {expected}\n{await AnswersAsync(container, tool, arguments)}");
        }
    }

    [Fact]
    public async Task Folder_and_container_have_the_same_resources()
    {
        await using var folder = await ConnectAsync(_ofFolder);
        await using var container = await ConnectAsync(_ofContainer);

        var listed = await folder.ListResourcesAsync(cancellationToken: Cancellation);

        Assert.Equal(listed.Select(Describe), (await container.ListResourcesAsync(cancellationToken: Cancellation)).Select(Describe));
        foreach (var uri in listed.Select(static resource => resource.Uri).Append("file:///R&D/plan?.txt"))
        {
            var expected = JsonSerializer.Serialize(await folder.ReadResourceAsync(uri, cancellationToken: Cancellation));
            Assert.Equal(expected, JsonSerializer.Serialize(await container.ReadResourceAsync(uri, cancellationToken: Cancellation)));
        }
    }

    [Fact]
    public async Task Readiness_and_tools_report_a_deleted_container()
    {
        using var http = new HttpClient { BaseAddress = _ofContainer.Address };
        await using var client = await ConnectAsync(_ofContainer);
        await UntilAsync(http, HttpStatusCode.OK);
        Assert.Equal(
            """{"status":"Healthy","checks":{"state":"Healthy","files":"Healthy"}}""", await http.GetStringAsync("readyz", Cancellation));

        await _container.Client.DeleteAsync(cancellationToken: Cancellation);

        Assert.Contains(
            "container of the shared folder does not exist",
            await AnswersAsync(client, "search_files", new { query = "x" }),
            StringComparison.Ordinal);
        await UntilAsync(http, HttpStatusCode.ServiceUnavailable);
    }

    private static Task UntilAsync(HttpClient http, HttpStatusCode readiness) => Eventually.IsTrueAsync(async () =>
    {
        using var ready = await http.GetAsync("readyz", Cancellation);
        return ready.StatusCode == readiness;
    });

    private static string Describe(McpClientResource resource) =>
        $"{resource.Uri} {resource.Name} {resource.MimeType} {resource.ProtocolResource.Size}";

    private static Task<McpClient> ConnectAsync(ServerProcess server) => PatientClient.ConnectAsync(server.Address, Cancellation);

    // Reads all pages and removes the values that differ between two copies of a file: its modification time and its version.
    private static async Task<string> AnswersAsync(McpClient client, string tool, object arguments)
    {
        var named = JsonSerializer.SerializeToElement(arguments).EnumerateObject()
            .ToDictionary(property => property.Name, property => (object?)property.Value);
        var answers = new StringBuilder();
        do
        {
            var result = await client.CallToolAsync(tool, named, cancellationToken: Cancellation);
            var structured = result.StructuredContent is { } content ? JsonNode.Parse(content.GetRawText()) : null;
            RemoveStamps(structured);
            answers.Append(result.IsError).Append(' ').Append(structured?.ToJsonString()).Append('\n');
            answers.AppendJoin('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
            named["cursor"] = (string?)structured?["next_cursor"];
        }
        while (named["cursor"] is not null);

        return answers.ToString();
    }

    private static void RemoveStamps(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            list.ToList().ForEach(RemoveStamps);
        }
        else if (node is JsonObject properties)
        {
            properties.Remove("modified");
            properties.Remove("etag");
            properties.Select(property => property.Value).ToList().ForEach(RemoveStamps);
        }
    }
}
