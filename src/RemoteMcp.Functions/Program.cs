using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using RemoteMcp;
using RemoteMcp.Tools;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddRemoteMcp(builder.Configuration).WithTeamTools(builder.Configuration);
builder.Build().Run();
