# `remote-mcp serve` for those who run it elsewhere than on Azure Functions: no shell, not root, nothing to write.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/RemoteMcp.Cli --configuration Release --output /app -p:UseAppHost=false

# `extra` has the time zones, which RemoteMcp:Analytics:TimeZone names.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
# The runtime's diagnostics want a place to write.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /files
COPY --from=build /app /app
USER $APP_UID
EXPOSE 8080
# Reachable from outside, the server wants sign-in and its public URL: RemoteMcp__Auth__… and RemoteMcp__PublicUrl.
ENTRYPOINT ["dotnet", "/app/remote-mcp.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:8080", "--root", "/files"]
