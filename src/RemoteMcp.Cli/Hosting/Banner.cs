using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace RemoteMcp.Cli.Hosting;

/// <summary>What a person reads when the server has started.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, WebApplication app)
    {
        foreach (var url in app.Urls)
        {
            output.WriteLine($"Serving MCP on {url}{RemoteMcpOptions.McpPath}");
        }

        output.WriteLine();
        output.WriteLine("Tools");
        foreach (var tool in app.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection ?? [])
        {
            output.WriteLine($"  {tool.ProtocolTool.Name,-20} {tool.ProtocolTool.Title}");
        }

        output.WriteLine();
        output.WriteLine("Press Ctrl+C to stop.");
    }
}
