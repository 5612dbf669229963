using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp;
using RemoteMcp.Functions;
using RemoteMcp.Identity;
using RemoteMcp.Tools;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton<IValidateOptions<AuthOptions>, SignInOnAzure>();
builder.Services.AddRemoteMcp(builder.Configuration).WithTeamTools(builder.Configuration);
builder.Build().Run();
