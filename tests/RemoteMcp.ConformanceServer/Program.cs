using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using RemoteMcp.ConformanceServer;

var builder = WebApplication.CreateBuilder(args);
#pragma warning disable MCP9004, MCP9006 // Both eras and HTTP+SSE are what the suite runs against.
builder.Services.AddMcpServer()
    .WithHttpTransport(options =>
    {
        options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
        options.EnableLegacySse = true;
    })
    .WithConformanceFixtures();
#pragma warning restore MCP9004, MCP9006
var app = builder.Build();
app.MapMcp("/mcp");
await app.RunAsync();
