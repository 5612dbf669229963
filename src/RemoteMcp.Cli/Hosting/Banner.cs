using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Clients;
using RemoteMcp.Configuration;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Writes the start message of the server: its URLs, its tools, and the configuration for each client.</summary>
internal static class Banner
{
    private const int Indent = 4;

    public static void Write(TextWriter output, WebApplication app)
    {
        foreach (var address in app.Urls)
        {
            output.WriteLine($"Serving MCP on {address}{RemoteMcpOptions.McpPath}");
        }

        WriteTools(output, app.Services.GetRequiredService<IOptions<McpServerOptions>>().Value);
        var name = app.Services.GetRequiredService<IOptions<RemoteMcpOptions>>().Value.Name;
        WriteClients(output, new HttpServerEntry(name, new Uri(app.Urls.First() + RemoteMcpOptions.McpPath)));
        output.WriteLine();
        output.WriteLine("Press Ctrl+C to stop.");
    }

    private static void WriteTools(TextWriter output, McpServerOptions server)
    {
        output.WriteLine();
        output.WriteLine("Tools");
        foreach (var tool in server.ToolCollection ?? [])
        {
            output.WriteLine($"  {tool.ProtocolTool.Name,-20} {tool.ProtocolTool.Title}");
        }
    }

    private static void WriteClients(TextWriter output, HttpServerEntry entry)
    {
        foreach (var client in ClientCatalog.All)
        {
            output.WriteLine();
            output.WriteLine(client.DisplayName);
            foreach (var line in (client.CommandLine(entry) ?? client.Snippet(entry)).TrimEnd().Split('\n'))
            {
                output.WriteLine(new string(' ', Indent) + line);
            }
        }
    }
}
