using System.Globalization;
using System.Text;
using ModelContextProtocol.Client;
using RemoteMcp.Tests.Tools;

namespace RemoteMcp.Tests.Documents;

/// <summary>Writes the table of tools from what <c>tools/list</c> returns with different settings.</summary>
internal static class ToolsReference
{
    // The settings that add tools. The column "needs" names the first setting.
    private static readonly (string Name, string Value)[][] s_settings =
    [
        [("RemoteMcp:Files:AllowChanges", "true")],
        [("RemoteMcp:Azure:Enabled", "true"), ("RemoteMcp:Azure:WorkspaceId", "60000000-0000-4000-8000-000000000001")],
    ];

    public static async Task<string> TableAsync(CancellationToken cancellationToken)
    {
        var needs = new Dictionary<string, string>();
        foreach (var setting in s_settings)
        {
            foreach (var tool in await ListAsync(setting, cancellationToken))
            {
                needs.TryAdd(tool.Name, $"`{setting[0].Name}`");
            }
        }

        foreach (var tool in await ListAsync([], cancellationToken))
        {
            needs[tool.Name] = "";
        }

        var text = new StringBuilder("| tool | what it does | needs |\n| --- | --- | --- |\n");
        var tools = await ListAsync([.. s_settings.SelectMany(static setting => setting)], cancellationToken);
        foreach (var tool in tools.OrderBy(static tool => tool.Name, StringComparer.Ordinal))
        {
            var need = needs[tool.Name] is { Length: > 0 } setting ? $" {setting} " : " ";
            var description = MarkdownText.Cell(MarkdownText.FirstSentence(tool.Description));
            text.Append(CultureInfo.InvariantCulture, $"| `{tool.Name}` | {description}. |{need}|\n");
        }

        return text.ToString();
    }

    private static async Task<IList<McpClientTool>> ListAsync((string Name, string Value)[] settings, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.StartAsync(settings);
        return await server.Client.ListToolsAsync(cancellationToken: cancellationToken);
    }
}
